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

/** How many are kept in memory. */
const most = 100;
/** Of a decision's text, in characters: key ids and names of a stranger's certificate are as long as the stranger likes. */
const longest = 500;

/** @param write gets each as a line, without a line break */
export function openDecisions(write: (line: string) => void, now: () => Date = () => new Date()): Decisions {
  const last: Decision[] = [];
  const counts = { offered: 0, signed: 0, nothing: 0, refused: 0, note: 0 };
  return {
    last,
    counts,
    tell(kind, said) {
      const text = printable(said.length > longest ? `${said.slice(0, longest)}…` : said);
      const at = now();
      counts[kind] += 1;
      last.push({ at, kind, text });
      if (last.length > most) last.shift();
      write(`${at.toISOString().replace(/\.\d+Z$/, "Z")} ${kind} ${text}`);
    },
  };
}
