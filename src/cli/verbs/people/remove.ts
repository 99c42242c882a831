import type { Command } from "commander";
import type { Fleet, SignInMethod } from "../../../fleet/fleet.js";
import { userpassOf } from "../../../fleet/vault-names.js";
import { printable } from "../../../ground/printable.js";
import { removePerson } from "../../../people/register/remove.js";
import { verb } from "../../../terminal/command.js";
import { sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { describeRemoved } from "./describe.js";
import { atRegistry, usage } from "./registry.js";

interface Options {
  readonly method?: string;
}

export const remove = verb("people remove", ["alice", "alice@example.org --method oidc"])
  .argument("<name>", "as the person signs in; with an identity provider, what it calls the person")
  .option("--method <method>", "how the person signs in: userpass, oidc, ldap or jwt; left out: with a password in Vault")
  .action(async (name: string, { method: asked }: Options, command: Command) => {
    sayIfInterrupted(command, "the removal comes to its end");
    signalOf(command).addEventListener("abort", () => undefined); // so that it is waited for
    await atRegistry("remove", async ({ api, stored }) => {
      const method = methodOf(stored.fleet, asked);
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
