/**
 * The verbs that ask before they act: those by which a host or somebody else loses at once what they had, and those that
 * one command cannot undo. They say what would happen, and ask; where nobody can be asked, they do nothing without --yes.
 */
import type { Command } from "commander";
import type { SshTrustError } from "../errors/catalogue.js";
import { askYes, canAsk } from "../terminal/ask-yes.js";
import { finish } from "../terminal/main.js";
import { talk, talkInLines } from "../terminal/report.js";

export interface YesOption {
  readonly yes?: boolean;
}

export const withYes = (declared: Command, what = "without asking"): Command => declared.option("--yes", what);

/**
 * @param look what shows it beforehand, such as "people list"
 * @param usage makes the error of the verb
 * @throws USAGE where somebody has to be asked, and cannot be
 */
export function requireAnswer({ yes }: YesOption, look: string | undefined, usage: (what: string) => SshTrustError): void {
  if (yes === true || canAsk()) return;
  throw usage(`nobody can be asked here: ${look === undefined ? "" : `look at ${look}, then `}give --yes`);
}

/** Says what would happen, and asks. @returns whether to go on; where not, the exit status is 1 */
export async function agreed(said: readonly string[], question: string): Promise<boolean> {
  talkInLines(said);
  if (await askYes(question)) return true;
  talk("nothing was changed");
  finish(1);
  return false;
}
