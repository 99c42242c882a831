/**
 * What a host says of itself, in its entry of Vault's store. All of it is a stranger's text: a host that was broken into writes what it
 * likes. So it is bounded and made visible here, and nothing of it is believed; certificates are parsed and checked elsewhere.
 */
import * as z from "zod";
import { printable } from "../ground/printable.js";
import { parseCertificate, type Certificate } from "../ssh/certificate.js";
import { parsePublicKey, type PublicKey } from "../ssh/public-key.js";
import { attempt, type Read } from "./read.js";
import { bytesOf, tooDeep } from "./record-size.js";

/** Of the whole entry, in bytes. */
export const mostOfEntry = 64 * 1024;
/** The last second of the year 9999. */
const lastSecond = 253_402_300_799;

/** Safe for a terminal: one line, without what moves a cursor or turns text around. */
const text = (most: number) => z.string().max(most).transform(printable);
const seconds = z.number().int().min(0).max(lastSecond);
const line = (most: number) => z.string().max(most);

const entry = z.object({
  schema: z.literal(1),
  host: text(253),
  group: text(63),
  written: seconds,
  addresses: z.array(text(64)).max(64),
  keys: z.array(line(8192)).max(16),
  certificates: z.array(line(16_384)).max(16),
  openssh: text(128),
  script: text(64),
  machine: text(128),
  boot: text(128),
  userCas: z.array(text(64)).max(16),
  /** Whom its sshd lets in beside those whom the fleet names, and whom of them it does not, in sentences. */
  otherWays: z.array(text(512)).max(16).default([]),
  next: seconds,
  problem: text(1024),
  since: seconds,
  conflict: z.boolean(),
});

/** Times are seconds since 1970, by the host's clock; 0: it did not say. */
export interface HostEntry extends Omit<z.output<typeof entry>, "keys" | "certificates"> {
  readonly keys: readonly Read<PublicKey>[];
  readonly certificates: readonly Read<Certificate>[];
}

/** @param value what Vault's store has for the host. @returns the entry, or why it cannot be read, safe for a terminal */
export function readEntry(value: unknown): Read<HostEntry> {
  const size = bytesOf(value);
  if (size === undefined) return { problem: tooDeep };
  if (size > mostOfEntry) return { problem: `it has ${String(Math.ceil(size / 1024))} KiB, and at most 64 are read` };
  const parsed = entry.safeParse(value);
  if (!parsed.success) return { problem: describe(parsed.error.issues[0], value) };
  const { keys, certificates, ...rest } = parsed.data;
  return {
    read: {
      ...rest,
      keys: keys.map((each) => attempt(() => parsePublicKey(each))),
      certificates: certificates.map((each) => attempt(() => parseCertificate(each))),
    },
  };
}

/** The place is one of our own names, or the number of an item. */
function describe(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  const [first, ...more] = issue?.path ?? [];
  if (first === undefined) return "it is no record";
  if (first !== "schema") return `${[first, ...more].map(String).join("[")}${more.length > 0 ? "]" : ""} is not as it has to be`;
  const schema = (value as { readonly schema?: unknown }).schema;
  return typeof schema === "number" ? `its schema is ${String(schema)}, and 1 is read` : "it does not say its schema";
}
