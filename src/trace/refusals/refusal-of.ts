/** Why a login ended before it began: the phase, the reason, and what helps. The first rule that fits is it. */
import type { Refusal } from "../trace.js";
import { anywhere } from "./anywhere.js";
import type { Ending } from "./ending.js";
import { inHost } from "./in-host.js";
import { inSetup } from "./in-setup.js";
import { inUser } from "./in-user.js";
import { notBelieved } from "./not-believed.js";

const rules = [...notBelieved, ...inSetup, ...inHost, ...inUser, ...anywhere];

export function refusalOf(ending: Ending): Refusal {
  for (const [kind, stage, tell] of rules) {
    if (stage !== "any" && stage !== ending.stage) continue;
    const told = tell(ending);
    if (told === undefined) continue;
    const [reason, hint] = told;
    return { stage: ending.stage, kind, reason, hint: [hint].flat() };
  }
  throw new TypeError("the last rule fits always");
}
