/** Answers that a reader may have already: an ETag over what is told, leaving out how old it is. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { Freshness } from "../contract.js";

/** On each answer that is the last known state, as Vault does not answer. */
export const staleHeader = "Ssh-Trust-Stale";

type Age = { readonly [K in keyof Freshness]?: Freshness[K] | undefined };

/**
 * As JSON, or 304 where the reader has it. How old it is changes each second, and is in the header Age as well: the tag is weak, and does
 * not count it.
 */
export function jsonOrNotModified(c: Context, value: Age): Response {
  return toldOrNotModified(c, toldOf(value), value);
}

/** An answer without its age, and its tag: it can be kept, and told again. */
export interface Told {
  readonly text: string;
  readonly tag: string;
}

export function toldOf(value: Age): Told {
  const text = JSON.stringify({ ...value, age: undefined, asOf: undefined });
  return { text, tag: tagOf(text) };
}

export function toldOrNotModified(c: Context, { text, tag }: Told, fresh: Age): Response {
  const { asOf, age } = fresh;
  const body = () => (asOf === undefined ? text : `${text.slice(0, -1)},${JSON.stringify({ asOf, age }).slice(1)}`);
  return orNotModified(c, tag, fresh, () => c.body(body(), 200, { "Content-Type": "application/json" }));
}

/** The same for text. */
export const textOrNotModified = (c: Context, text: string, fresh: Freshness): Response =>
  orNotModified(c, tagOf(text), fresh, () => c.text(text));

const tagOf = (text: string) => `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;

function orNotModified(c: Context, tag: string, { age, stale }: Age, answer: () => Response): Response {
  c.header("ETag", tag);
  c.header("Cache-Control", "private, no-cache");
  if (age !== undefined) c.header("Age", String(age));
  if (stale === true) c.header(staleHeader, "true");
  return isAmong(c.req.header("if-none-match"), tag) ? c.body(null, 304) : answer();
}

/** RFC 9110, 13.1.2: weak comparison. */
function isAmong(header: string | undefined, tag: string): boolean {
  const bare = (each: string) => each.trim().replace(/^W\//, "");
  return header !== undefined && header.split(",").some((each) => each.trim() === "*" || bare(each) === bare(tag));
}
