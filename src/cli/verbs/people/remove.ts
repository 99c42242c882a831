import type { Command } from "commander";
import type { Fleet, SignInMethod } from "../../../fleet/fleet.js";
import { userpassOf } from "../../../fleet/vault-names.js";
import { printable } from "../../../ground/printable.js";
import { personToRemove, removePerson } from "../../../people/register/remove.js";
import { verb } from "../../../terminal/command.js";
import { sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { describeRemoved, describeRemoval } from "./describe.js";
import { agreed, withYes, type YesOption } from "../../ask-first.js";
import { atRegistry, requireAnswer, usage } from "./registry.js";

interface Options extends YesOption {
  readonly method?: string;
}

const declared = verb("people remove", ["alice", "alice@example.org --method oidc", "alice --yes"])
  .argument("<name>", "the name that the person signs in with; from an identity provider, its name for them")
  .option("--method <method>", "how the person signs in: userpass, oidc, ldap or jwt; default: with a password in Vault");

export const remove = withYes(declared).action(async (name: string, options: Options, command: Command) => {
  requireAnswer("remove", options);
  sayIfInterrupted(command, "nobody was removed");
  await atRegistry("remove", async ({ api, stored }) => {
    const method = methodOf(stored.fleet, options.method);
    if (options.yes !== true) {
      const found = await progressOf(command).during(`looking for ${printable(name)}`, () =>
        personToRemove(api, stored, name, method),
      );
      if (!(await agreed(describeRemoval(found), `remove ${printable(name)}?`))) return;
    }
    sayIfInterrupted(command, "the removal is finished");
    signalOf(command).addEventListener("abort", () => undefined); // so that it is waited for
    const removed = await progressOf(command).during(`removing ${printable(name)}`, () =>
      removePerson(api, stored, name, method),
    );
    print(printable(removed.name));
    talkInLines(describeRemoved(removed, stored, await api.now()));
  });
});

/** @throws USAGE */
function methodOf(fleet: Fleet, asked: string | undefined): SignInMethod {
  const { signIn } = fleet;
  const [only, ...others] = signIn;
  const usual = userpassOf(fleet) ?? (others.length === 0 ? only : undefined);
  const found = asked === undefined ? usual : signIn.find(({ method }) => method === asked);
  if (found !== undefined) return found;
  const known = signIn.map(({ method }) => method).join(", ");
  throw asked === undefined
    ? usage("remove", `say how the person signs in, by --method (there are: ${known})`)
    : usage("remove", `--method: the fleet has no sign-in by "${printable(asked)}" (there are: ${known})`);
}
