import type { Command } from "commander";
import { resetPerson } from "../../../people/register/reset.js";
import { verb } from "../../../terminal/command.js";
import { invite, withInvitation, type InvitingOptions } from "./invite.js";

const declared = verb("people reset", ["alice --out alice.invitation", "alice --group platform --out alice.invitation"]).argument(
  "<name>",
  "the name that the person signs in with",
);

export const reset = withInvitation(declared, "a group of people that the person is put into, too; may be given again").action(
  (name: string, options: InvitingOptions, command: Command) =>
    invite(command, { verb: "reset", name, options, give: resetPerson }),
);
