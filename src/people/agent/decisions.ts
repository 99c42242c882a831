/** What an agent decided: one line each, for its log and for `agent status`. No secret is in it. */
import { printable } from "../../ground/printable.js";

export interface Decision {
  readonly at: Date;
  /** "offered" certificates, "signed" a login with one; "nothing" was offered, "refused" to sign; "note" is about the agent itself. */
  readonly kind: "offered" | "signed" | "nothing" | "refused" | "note";
  readonly text: string;
}

export interface Decisions {
  readonly last: readonly Decision[];
  readonly counts: Readonly<Record<Decision["kind"], number>>;
  tell(kind: Decision["kind"], text: string): void;
}

/** How many are kept in memory of those that gave something, and as many of all others: whoever asks for nothing hides nothing. */
const most = 100;
/** Of what gave nothing, so many are told in ten seconds: whoever can ask can ask on and on. */
const pause = { most: 100, milliseconds: 10_000 };
/** Of a decision's text, in characters: key ids and names of a stranger's certificate are as long as the stranger likes. */
const longest = 500;

/** @param write gets each as a line, without a line break */
export function openDecisions(write: (line: string) => void, now: () => Date = () => new Date()): Decisions {
  const kept: Readonly<Record<"given" | "other", Decision[]>> = { given: [], other: [] };
  const counts = { offered: 0, signed: 0, nothing: 0, refused: 0, note: 0 };
  let window = { began: -Infinity, told: 0, untold: 0 };

  function keep(decision: Decision): void {
    const { at, kind, text } = decision;
    const list = kind === "offered" || kind === "signed" ? kept.given : kept.other;
    list.push(decision);
    if (list.length > most) list.shift();
    write(`${at.toISOString().replace(/\.\d+Z$/, "Z")} ${kind} ${text}`);
  }

  function isTooMuch(at: Date): boolean {
    const since = at.getTime() - window.began;
    if (since < 0 || since >= pause.milliseconds) {
      if (window.untold > 0) keep({ at, kind: "note", text: `${String(window.untold)} more of these were not written` });
      window = { began: at.getTime(), told: 0, untold: 0 };
    }
    const tooMuch = window.told >= pause.most;
    window = { ...window, ...(tooMuch ? { untold: window.untold + 1 } : { told: window.told + 1 }) };
    return tooMuch;
  }

  return {
    get last() {
      return [...kept.given, ...kept.other].sort((one, other) => one.at.getTime() - other.at.getTime());
    },
    counts,
    tell(kind, said) {
      const text = printable(said.length > longest ? `${said.slice(0, longest)}…` : said);
      const at = now();
      counts[kind] += 1;
      if ((kind === "nothing" || kind === "refused") && isTooMuch(at)) return;
      keep({ at, kind, text });
    },
  };
}
