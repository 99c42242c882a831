/** Where the verbs of `people` work, and whose token that takes. */
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import { askYes, canAsk } from "../../../terminal/ask-yes.js";
import { finish } from "../../../terminal/main.js";
import { talk, talkInLines } from "../../../terminal/report.js";
import { atRegistry as at, type Registry } from "../../registry.js";

export type { Registry };

const policy = {
  say: "people are invited and removed with the people registrar's policy, which changes with the fleet's groups of people",
  run: verb("apply --print-policy people"),
};

/** Opens it, and does something there; where the token may not, it is said whose it has to be. */
export const atRegistry = <T>(what: string, work: (registry: Registry) => Promise<T>): Promise<T> =>
  at(`people ${what}`, policy, work);

export interface YesOption {
  readonly yes?: boolean;
}

/** For what ends somebody's access at once. */
export const withYes = (declared: Command): Command => declared.option("--yes", "without asking");

/** @throws USAGE where somebody has to be asked, and cannot be */
export function requireAnswer(what: string, { yes }: YesOption): void {
  if (yes !== true && !canAsk()) throw usage(what, "nobody can be asked here: look at people list, then give --yes");
}

/** Says what would happen, and asks. @returns whether to go on; where not, the exit status is 1 */
export async function agreed(said: readonly string[], question: string): Promise<boolean> {
  talkInLines(said);
  if (await askYes(question)) return true;
  talk("nothing was changed");
  finish(1);
  return false;
}

export const usage = (what: string, problem: string) => fail("USAGE", { what: problem, help: verb(`people ${what} --help`) });
