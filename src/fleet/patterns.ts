/** Names of hosts with wildcards, as ssh_config(5) has them under PATTERNS: `*` is any characters, or none; `?` is one. */
import { isHostName } from "../ground/host-name.js";

const wild = (character: string | undefined) => character === "*" || character === "?";

/** Whether a pattern is more than the name of one host. */
export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);

/** Whether a pattern matches a name. @example matches("web-*.example.org", "web-1.example.org") // true */
export function matches(pattern: string, name: string): boolean {
  let at = 0;
  /** Behind the last star, and from where in the name the rest of the pattern was last tried. */
  let star = -1;
  let tried = 0;
  for (let here = 0; here < name.length;) {
    if (pattern[at] === "*") {
      star = ++at;
      tried = here;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[here])) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      at = star;
      here = ++tried;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** A place in both patterns, and what has to be known of the name so far for what follows to be a host's name. */
interface State {
  readonly a: number;
  readonly b: number;
  /** Characters since the last dot. */
  readonly label: number;
  /** Whether the last character may end a label. */
  readonly ended: boolean;
  /** Of the name: its last character, and what came before. */
  readonly last: string;
  readonly before: State | undefined;
}

const longest = { label: 63, name: 253 };
/** What two patterns have in common is looked for in all ways: it takes long where there are many wildcards. */
const mostWildcards = 4;

/** A state costs as much as so many pairs that differ at first sight. */
const stepsOfState = 20;

/** How much may still be looked at; what is done with several pairs of patterns is paid from one. */
export interface Budget {
  left: number;
}

/**
 * A host's name that both patterns match, one of the shortest; undefined where there is none. Names are looked for breadth first:
 * where neither pattern asks for a certain character, a letter does, and a dot where a label has become too long.
 * @param budget where it is used up, none is found
 * @example commonName("web-*.example.org", "*-db.example.org") // "web-db.example.org"
 */
export function commonName(a: string, b: string, budget: Budget = { left: Infinity }): string | undefined {
  if (!mayMeet(a, b)) return undefined;
  const seen = new Set<number>();
  let states: State[] = [{ a: 0, b: 0, label: 0, ended: false, last: "", before: undefined }];
  for (let length = 0; length <= longest.name && states.length > 0; length++) {
    const next: State[] = [];
    for (const state of states.flatMap((each) => skipStars(each, a, b))) {
      const key = ((state.a * (b.length + 1) + state.b) * (longest.label + 1) + state.label) * 2 + Number(state.ended);
      budget.left -= stepsOfState;
      if (budget.left < 0) return undefined;
      if (seen.has(key)) continue;
      seen.add(key);
      if (state.a === a.length && state.b === b.length && state.ended) return nameOf(state);
      for (const character of charactersAt(a[state.a], b[state.b])) {
        const further = append(state, character);
        if (further !== undefined) next.push({ ...further, a: step(a, state.a), b: step(b, state.b) });
      }
    }
    states = next;
  }
  return undefined;
}

function nameOf(state: State): string {
  let name = "";
  for (let at: State | undefined = state; at !== undefined; at = at.before) name = at.last + name;
  return name;
}

/** A star stays where it is: it takes more. */
const step = (pattern: string, at: number) => (pattern[at] === "*" ? at : at + 1);

/** Where one may be without another character: behind a star it takes nothing more. */
function skipStars(state: State, a: string, b: string): State[] {
  const behind = (pattern: string, at: number): number[] => (pattern[at] === "*" ? [at, ...behind(pattern, at + 1)] : [at]);
  return behind(a, state.a).flatMap((inA) => behind(b, state.b).map((inB) => ({ ...state, a: inA, b: inB })));
}

function charactersAt(a: string | undefined, b: string | undefined): readonly string[] {
  if (a === undefined || b === undefined) return [];
  if (wild(a) && wild(b)) return ["x", "."];
  if (wild(a)) return [b];
  return wild(b) || a === b ? [a] : [];
}

function append(state: State, character: string): State | undefined {
  const { label, ended } = state;
  const longer = { ...state, last: character, before: state };
  if (character === ".") return ended ? { ...longer, label: 0, ended: false } : undefined;
  const ends = /[a-z0-9]/.test(character);
  if (label === longest.label || (label === 0 && !ends)) return undefined;
  return { ...longer, label: label + 1, ended: ends };
}

/** Quick, as most patterns differ before their first wildcard or after their last. */
const mayMeet = (a: string, b: string): boolean => agree(a, b, 1) && agree(a, b, -1);

/** Up to the first wildcard. @param step forward from the beginning, or backward from the end */
function agree(a: string, b: string, step: 1 | -1): boolean {
  let [inA, inB] = step === 1 ? [0, 0] : [a.length - 1, b.length - 1];
  for (; ; inA += step, inB += step) {
    const one = a[inA];
    const other = b[inB];
    if (wild(one) || wild(other)) return true;
    if (one !== other) return false;
    if (one === undefined) return true;
  }
}

/**
 * What is wrong with a pattern; undefined where nothing is. What follows its last wildcard has to be below one of the domains: a
 * pattern that could match a name elsewhere would have our CA believed there.
 */
export function problemOfPattern(
  pattern: string,
  domains: readonly string[],
  budget: Budget = { left: Infinity },
): string | undefined {
  if (pattern === "") return "is empty";
  if (pattern.startsWith("!")) return "begins with !: what a group has not is left out of its patterns";
  if (/[\s,]/.test(pattern)) return "has a blank or a comma: several patterns are a list, [one, other]";
  if (pattern !== pattern.toLowerCase()) return `has capital letters; did you mean "${pattern.toLowerCase()}"?`;
  if (!/^[a-z0-9._*?-]*$/.test(pattern)) return "has other characters than a-z, 0-9, . _ - and the wildcards * and ?";
  if (pattern.replace(/[^*?]/g, "").length > mostWildcards) return `has more than ${String(mostWildcards)} wildcards`;
  if (pattern.length > longest.name) return `is longer than ${String(longest.name)} characters`;
  const tail = pattern.slice(Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf("?")) + 1);
  if (domainOf(tail, domains) === undefined) return problemOfTail(pattern, tail, domains);
  if (["x", "."].some((star) => isHostName(pattern.replaceAll("?", "x").replaceAll("*", star)))) return undefined;
  return commonName(pattern, "*", budget) === undefined && budget.left >= 0 ? "matches no name that a host can have" : undefined;
}

/** The domain that a name is below. */
export const domainOf = (name: string, domains: readonly string[]): string | undefined =>
  domains.find((domain) => name.endsWith(`.${domain}`));

/** What a message shows of many. */
export const someOf = (all: readonly string[]): readonly string[] => (all.length > 3 ? [...all.slice(0, 3), "…"] : all);

function problemOfTail(pattern: string, tail: string, domains: readonly string[]): string | undefined {
  const [first] = domains;
  if (first === undefined) return undefined; // which they are could not be read
  if (domains.includes(pattern)) return `is the domain itself; did you mean "*.${pattern}"?`;
  const without = domains.find((domain) => tail.endsWith(domain));
  const all = domains.length > 1 ? `one of the domains (${someOf(domains).join(", ")})` : `the domain ${first}`;
  if (without !== undefined) {
    const fixed = `${pattern.slice(0, -without.length)}.${without}`;
    return `would match names that are not below ${all}; did you mean "${fixed}"?`;
  }
  const short = !pattern.includes(".") && pattern !== "";
  return `is not below ${all}${short ? `; did you mean "${pattern}.${first}"?` : ""}`;
}
