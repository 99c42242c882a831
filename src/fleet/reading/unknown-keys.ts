/** Keys that a fleet file has not: what a person meant who wrote one. */
import { fleetJsonSchema, schemaAt } from "../json-schema.js";
import { meant, quoted, type Mistake, type Path } from "../mistakes.js";

type Entries = Readonly<Record<string, unknown>>;

/** @param beside the map that they are in */
export function unknownKeys(keys: readonly string[], path: Path, beside: unknown): Mistake[] {
  const known = schemaAt(fleetJsonSchema(), path).flatMap(({ properties = {} }) => Object.keys(properties));
  const entries = beside as Entries;
  const above = knownAbove(known, entries);
  return keys.map((key) => {
    const explained =
      inTheWay(key, entries) ??
      withoutBlank(key, known) ??
      person(key, path) ??
      misplaced(key, above.get(key), path, entries) ??
      `unknown key ${quoted(key)}${likely(key, path, known, entries)}`;
    return { path: [...path, key], ofKey: true, problem: explained };
  });
}

/** For each key the last known one above it. */
function knownAbove(known: readonly string[], entries: Entries): ReadonlyMap<string, string | undefined> {
  let last: string | undefined;
  return new Map(
    Object.keys(entries).map((key) => {
      const above = last;
      if (known.includes(key)) last = key;
      return [key, above];
    }),
  );
}

/** What others call it: not like our word, and meant all the same. */
const words: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  access: {
    as: /^(?:users?|accounts?|principals?|logins?)$/,
    for: /^(?:ttl|duration|valid|validity|expires?)$/,
    on: /^(?:hosts?|servers?|to)$/,
    who: /^(?:groups?|people|from)$/,
    with: /^(?:permissions?|extensions?|options?|allow)$/,
  },
  hosts: {
    names: /^(?:hosts?|patterns?|servers?)$/,
    also: /^(?:alias|aliases)$/,
    accounts: /^(?:users?|principals?|logins?)$/,
    for: /^(?:ttl|duration|valid|validity|expires?)$/,
  },
};

function likely(key: string, path: Path, known: readonly string[], entries: Entries): string {
  const fits = (word: string) => !Object.hasOwn(entries, word);
  const [ours] =
    Object.entries(path.length === 2 ? (words[String(path[0])] ?? {}) : {}).find(([, theirs]) => theirs.test(key)) ?? [];
  return ours !== undefined && fits(ours) ? `; did you mean ${quoted(ours)}?` : meant(key, known, fits);
}

const inTheWay = (key: string, entries: Entries): string | undefined =>
  "existing" in entries ? `${quoted(key)} cannot be used with "existing": what is there already is left as it is` : undefined;

/** Between brackets, "for:5m" is a word. */
const withoutBlank = (key: string, known: readonly string[]): string | undefined =>
  known.some((word) => key.startsWith(`${word}:`)) ? `a blank is missing after the colon of ${quoted(key)}` : undefined;

/** Whether a map has a key only because a blank was left out: `{ name:web }` has no "name". */
export const isWithoutBlank = (key: string, entries: unknown): boolean =>
  typeof entries === "object" && entries !== null && Object.keys(entries).some((each) => each.startsWith(`${key}:`));

const people = /^(?:users?|members?|persons?|admins?|e?mails?|logins?)$/i;

function person(key: string, path: Path): string | undefined {
  if (!people.test(key) || (path.length > 0 && (path[0] !== "people" || path.length !== 2))) return undefined;
  return path.length === 0
    ? `unknown key ${quoted(key)}: people are not in the file, groups of people are, below "people"`
    : `unknown key ${quoted(key)}: ${peopleAreNotHere}`;
}

/** What a group of people may be. */
export const peopleAreNotHere =
  "people are not in the file, groups are: write {} and add its members in Vault, or name a group of a way to sign in, as { oidc: platform-team }";

/** A key without a value, or one that belongs into the key above: what the lines look like is not what YAML reads. */
function misplaced(key: string, above: string | undefined, path: Path, entries: Entries): string | undefined {
  if (above === undefined) return undefined;
  const takesList = () => schemaAt(fleetJsonSchema(), [...path, above]).some(({ type }) => type === "array");
  if (entries[key] === null && typeof entries[above] === "string" && takesList())
    return `${quoted(key)} is read as a key: several values are a list, ${above}: [one, other]`;
  if (entries[above] === null && entries[key] !== null)
    return `${quoted(key)} is beside ${quoted(above)}, which has nothing in it: indent what belongs to it`;
  return undefined;
}
