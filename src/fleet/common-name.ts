/** Whether two patterns of hosts' names can match the same name. */

const wild = (character: string | undefined) => character === "*" || character === "?";

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

/** In characters. */
export const longest = { label: 63, name: 253 };

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
