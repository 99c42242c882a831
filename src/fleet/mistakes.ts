/** A mistake in the fleet file, in words. */
import { closest, distance } from "fastest-levenshtein";
import { printable } from "../ground/printable.js";
import { holdsSecret } from "./reading/secrets.js";

/** From the top of the file to a value: keys, and places in lists from 0. */
export type Path = readonly (string | number)[];

export interface Mistake {
  readonly path: Path;
  /** What is wrong, and what was meant where that can be told. */
  readonly problem: string;
  /** It is about the key, and not about what stands behind it. */
  readonly ofKey?: true;
  /** Where it is, in characters from the beginning; undefined: where its path leads. */
  readonly offset?: number;
  /** Of what is repeated, the first; its place is told behind the problem. */
  readonly first?: Pick<Mistake, "path" | "ofKey">;
}

/** A value as a message shows it: quoted, in one line, not too long, and no secret. */
export const quoted = (text: string): string => (holdsSecret(text) ? notShown : `"${shown(text)}"`);

const notShown = "(not shown)";

function shown(text: string): string {
  const safe = printable(text);
  return safe.length > 80 ? `${safe.slice(0, 77)}...` : safe;
}

/** What is wrong with a text. What is proposed instead of a secret would show it. */
export const wrong = (text: string, problem: string): string =>
  holdsSecret(text)
    ? "this holds what looks like a secret, and is not shown: it does not belong in the file"
    : `${quoted(text)} ${problem}`;

/** `hosts.web.names[0]`; "" for the file as a whole. */
export function shownPath(path: Path): string {
  const parts = path.map((step) => {
    if (typeof step === "number") return `[${String(step)}]`;
    return /^[\w-]+$/.test(step) && !holdsSecret(step) ? `.${step}` : `.${quoted(step)}`;
  });
  return parts.join("").replace(/^\./, "");
}

/** Words to choose from: `a, b or c`. */
export const either = (words: readonly string[]): string => words.join(", ").replace(/, ([^,]*)$/, " or $1");

const mostWords = 20;
/** A word is compared with so many, if it is no longer than this: a file may have thousands of each. */
const compared = { words: 200, characters: 100 };

/**
 * What was meant by a word that is not known; of few known words, all of them; "" where there are none.
 * @param fits whether a known word would be taken in its place; others are not offered
 */
export function meant(word: string, known: readonly string[], fits: (word: string) => boolean = () => true): string {
  if (known.length === 0) return "";
  const nearest = nearestTo(word, known);
  if (nearest !== undefined && fits(nearest) && distance(word, nearest) <= Math.max(1, Math.floor(word.length / 3)))
    return `; did you mean ${quoted(nearest)}?`;
  const words = known.slice(0, mostWords).map((each) => (holdsSecret(each) ? notShown : shown(each)));
  if (known.length > mostWords) words.push("…");
  return `; there ${words.length === 1 ? "is" : "are"}: ${words.join(", ")}`;
}

function nearestTo(word: string, known: readonly string[]): string | undefined {
  if (word.length > compared.characters) return undefined;
  const few = known.slice(0, compared.words).filter(({ length }) => length <= 2 * compared.characters);
  return few.length === 0 ? undefined : closest(word, few);
}
