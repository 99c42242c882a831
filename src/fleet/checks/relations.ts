/** What is wrong with names, and with what the parts of a fleet file have to do with one another. */
import type { Mistake } from "../mistakes.js";
import type { Draft } from "../reading/shape.js";
import { mistakesOfDomains } from "./domains.js";
import { mistakesOfGroups } from "./groups.js";
import { mistakesOfHostTokens } from "./host-tokens.js";
import { mistakesOfHosts } from "./hosts.js";
import { mistakesOfPaths } from "./paths.js";
import { mistakesOfPeople } from "./people.js";
import { mistakesOfRules } from "./rules.js";
import { mistakesOfState } from "./state.js";

export const relationsIn = (draft: Draft): readonly Mistake[] =>
  [
    mistakesOfDomains,
    mistakesOfGroups,
    mistakesOfHosts,
    mistakesOfHostTokens,
    mistakesOfPeople,
    mistakesOfRules,
    mistakesOfPaths,
    mistakesOfState,
  ].flatMap((check) => check(draft));
