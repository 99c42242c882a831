/** An issue of zod's in our words: its own speak of what it is made of, in a language of its own. */
import type * as z from "zod";
import { fleetJsonSchema, schemaAt } from "../json-schema.js";
import { bounds, rangeAt, withoutUnit } from "../durations.js";
import { either, meant, quoted, wrong, type Mistake, type Path } from "../mistakes.js";
import { durationPattern } from "../schema/leaves.js";
import { isWithoutBlank, peopleAreNotHere, unknownKeys } from "./unknown-keys.js";

/** Of a union, the issue of one of its members. */
export type Issue = Exclude<z.core.$ZodIssue, z.core.$ZodIssueInvalidUnion> & { readonly path: Path };

/**
 * @param value what stands there; undefined where nothing does
 * @param around the map or the list that it is in
 */
export function describeWrong(issue: Issue, value: unknown, around: unknown): Mistake[] {
  const { path } = issue;
  switch (issue.code) {
    case "custom":
      return [
        { path, problem: typeof value === "string" ? wrong(value, issue.message) : issue.message, ...firstOf(issue, path) },
      ];
    case "unrecognized_keys":
      return unknownKeys(issue.keys, path, value);
    case "invalid_type":
      if (value === undefined && isWithoutBlank(String(path.at(-1)), around)) return [];
      return [{ path, problem: value === undefined ? missing(path) : wrongType(issue.expected, path, value) }];
    case "invalid_value": {
      const known = issue.values.map(String);
      const fits = (word: string) => !(Array.isArray(around) && around.includes(word));
      const word = typeof value === "string" ? value : "";
      const choice = severalWords(word, path, known) ?? meant(opensshsName(word, known), known, fits);
      return [{ path, problem: `unknown value ${shownValue(value)}${choice}` }];
    }
    case "too_small":
      return [{ path, problem: `${shownValue(value)} is too small: the minimum is ${String(issue.minimum)}` }];
    case "too_big":
      return [{ path, problem: `${shownValue(value)} is too large: the maximum is ${String(issue.maximum)}` }];
    default:
      return [{ path, problem: `${shownValue(value)} cannot stand here` }];
  }
}

/** A list without its brackets; undefined where it is none. */
function severalWords(text: string, path: Path, known: readonly string[]): string | undefined {
  const words = text.split(/[\s,]+/);
  const isList = typeof path.at(-1) !== "number" && words.length > 1 && words.every((word) => known.includes(word));
  return isList ? `; did you mean [${words.join(", ")}]?` : undefined;
}

/** What ssh-keygen calls "permit-pty" is our "pty". */
function opensshsName(word: string, known: readonly string[]): string {
  const ours = word.toLowerCase().replace(/^permit-/, "");
  return known.includes(ours) ? ours : word;
}

/** Of what is in a list twice, where the first is. */
const firstOf = ({ params }: Extract<Issue, { code: "custom" }>, path: Path): Pick<Mistake, "first"> => {
  const place: unknown = params?.["first"];
  return typeof place === "number" ? { first: { path: [...path.slice(0, -1), place] } } : {};
};

/** How the key would be written. */
function example(path: Path): string {
  const [first] = schemaAt(fleetJsonSchema(), path).flatMap(({ examples = [] }) => examples);
  return first === undefined ? "" : `, such as ${String(path.at(-1))}: ${flow(first)}`;
}

/** What plain text in YAML cannot begin with, or have in it. */
const special = /^[*&!|>%@`"'?\s-]|[,[\]{}#]|: |:$|\s$|^$/;

/** A value in one line of YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" && !special.test(value) ? value : JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, each]) => `${key}: ${flow(each)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

const missing = (path: Path) => `the key ${quoted(String(path.at(-1)))} is missing${example(path)}`;

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "a boolean (true or false)",
  array: "a list",
  object: "a map (key: value)",
  record: "a map (key: value)",
};

function wrongType(expected: string, path: Path, value: unknown): string {
  const here = schemaAt(fleetJsonSchema(), path);
  const isDuration = here.some(({ pattern }) => pattern === durationPattern);
  if (isDuration && typeof value === "number") return `${String(value)} ${withoutUnit(String(value), rangeAt(path))}`;
  if (isDuration) return `a duration ${bounds(rangeAt(path))} is needed, and this is ${kindOf(value)}`;
  const meantMore = severalGroups(path, value) ?? personsIn(path, value);
  if (meantMore !== undefined) return meantMore;
  const asText = typeof value === "number" || typeof value === "boolean";
  if (expected === "string" && asText)
    return `${String(value)} is ${typeof value === "number" ? "a number" : "a boolean"}, and text is needed: put it in quotes`;
  const needed =
    here.some(({ type }) => type === "array") && expected === "string"
      ? "text or a list"
      : (kinds[expected] ?? either([expected]));
  return `${needed} is needed, and this is ${kindOf(value)}${example(path)}`;
}

function severalGroups([section, , key, ...rest]: Path, value: unknown): string | undefined {
  if (section !== "access" || rest.length > 0 || !Array.isArray(value) || (key !== "who" && key !== "on")) return undefined;
  return `a rule has one group of ${key === "who" ? "people" : "hosts"}: write one rule for each group`;
}

function personsIn([section, group, ...rest]: Path, value: unknown): string | undefined {
  const names = Array.isArray(value) || typeof value === "string";
  return section === "people" && group !== undefined && rest.length === 0 && names ? peopleAreNotHere : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "object") return "a map (key: value)";
  if (typeof value === "number") return `the number ${String(value)}`;
  return "a boolean";
}

const shownValue = (value: unknown) => (typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value));
