import type { Command } from "commander";
import { invitePerson } from "../../../people/register/invite.js";
import { verb } from "../../../terminal/command.js";
import { invite, withInvitation, type InvitingOptions } from "./invite.js";
import { usage } from "./registry.js";

const declared = verb("people add", [
  "alice --group platform --out alice.invitation",
  "bob --group platform --group dba --out bob.invitation",
  "carol --group dba --valid 1h > carol.invitation",
]).argument("<name>", "the name that the person signs in with, such as alice");

export const add = withInvitation(declared, "a group of people of the fleet; repeatable").action(
  async (name: string, options: InvitingOptions, command: Command) => {
    if ((options.group ?? []).length === 0) throw usage("add", "--group is missing: in no group, a person may do nothing");
    await invite(command, { verb: "add", name, options, give: invitePerson });
  },
);
