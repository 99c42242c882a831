/** Where the verbs of `people` work, and whose token that takes. */
import { fail } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import { requireAnswer as require, type YesOption } from "../../ask-first.js";
import { atRegistry as at, type Registry } from "../../registry.js";

export type { Registry };

const policy = {
  say: "people are invited and removed with the people registrar's policy, which changes with the fleet's groups of people",
  run: verb("apply --print-policy people"),
};

/** Opens it, and does something there; where the token may not, it is said whose it has to be. */
export const atRegistry = <T>(what: string, work: (registry: Registry) => Promise<T>): Promise<T> =>
  at(`people ${what}`, policy, work);

/** @throws USAGE where somebody has to be asked, and cannot be */
export const requireAnswer = (what: string, options: YesOption): void => {
  require(options, "people list", (problem) => usage(what, problem));
};

export const usage = (what: string, problem: string) => fail("USAGE", { what: problem, help: verb(`people ${what} --help`) });
