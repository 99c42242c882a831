import { typed, type Hint } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { verdictCodes, type VerdictCode, type VerdictLevel } from "./verdict-codes.js";

/** What is to be said of a key or a certificate. */
export interface Verdict {
  /** Permanent; programs go by it. */
  readonly code: VerdictCode;
  /** "bad": do not use it as it is. "warn": know it. "ok": nothing to do. The same for each verdict of a code. */
  readonly level: VerdictLevel;
  /** One clause; safe for a terminal. It may change with any version. */
  readonly text: string;
  /** What to do; empty where nothing is to be done. */
  readonly hint: Hint;
}

/** Whoever asks for a certificate may choose some of its text, and how long that is. */
const mostText = 400;

export function verdict(code: VerdictCode, text: string): Verdict {
  const safe = printable(text);
  return { code, ...verdictCodes[code], text: safe.length > mostText ? `${safe.slice(0, mostText)}…` : safe };
}

const order: readonly VerdictLevel[] = ["bad", "warn", "ok"];

/** The worst first; those of one level stay in their order. */
export const worstFirst = (verdicts: readonly Verdict[]): Verdict[] =>
  [...verdicts].sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));

/** A verdict as JSON has it. */
export interface VerdictJson extends Omit<Verdict, "hint"> {
  /** What to do, and the command for it; null where there is none. */
  readonly hint: readonly { readonly say: string; readonly run: string | null }[];
}

/** @param program what `ssh-trust` is called here, for the commands of a hint */
export const verdictToJson = ({ code, level, text, hint }: Verdict, program: string): VerdictJson => ({
  code,
  level,
  text,
  hint: hint.map(({ say, run }) => ({ say, run: run === undefined ? null : typed(run, program) })),
});
