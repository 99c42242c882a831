import type { Command } from "commander";
import { checkGroups } from "../../../people/register/names.js";
import { groupsOfResettable, resetPerson } from "../../../people/register/reset.js";
import { verb } from "../../../terminal/command.js";
import { sayIfInterrupted } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { describeReset } from "./describe.js";
import { invite, withInvitation, type InvitingOptions } from "./invite.js";
import { agreed, withYes, type YesOption } from "../../ask-first.js";
import { requireAnswer, type Registry } from "./registry.js";

type Options = InvitingOptions & YesOption;

const declared = verb("people reset", [
  "alice --out alice.invitation",
  "alice --group platform --out alice.invitation",
  "alice --yes > alice.invitation",
]).argument("<name>", "the name that the person signs in with");

export const reset = withYes(withInvitation(declared, "a further group of people to put the person into; repeatable")).action(
  async (name: string, options: Options, command: Command) => {
    requireAnswer("reset", options);
    sayIfInterrupted(command, "nothing was changed");
    const mayGoOn = async ({ api, stored }: Registry, added: readonly string[]) => {
      checkGroups(stored.fleet, added);
      const groups = await progressOf(command).during(`looking for ${name}`, () => groupsOfResettable(api, stored, name));
      return agreed(describeReset(name, groups, added), `reset ${name}?`);
    };
    const asked = options.yes === true ? {} : { mayGoOn };
    await invite(command, { verb: "reset", name, options, give: resetPerson, ...asked });
  },
);
