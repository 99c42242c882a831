/** `ssh-trust logout`: the token ends with Vault, and is forgotten here. */
import type { Command } from "commander";
import { isFailure, SshTrustError } from "../../../errors/catalogue.js";
import { revoke } from "../../../people/session/end.js";
import type { Session } from "../../../people/session/session.js";
import { tokenHelper } from "../../../people/session/token-helper.js";
import { readTokenVariable } from "../../../settings/vault.js";
import { verb } from "../../../terminal/command.js";
import { duringPlainly, talk } from "../../../terminal/report.js";
import { openVaultApi } from "../../../vault/api.js";
import { untilWords } from "../../sign-in/describe.js";
import { keptSession, readSurroundings, type Surroundings } from "../../sign-in/surroundings.js";

interface Options {
  readonly vault?: string;
  readonly all?: true;
}

export const logout: Command = verb("logout", ["", "--all", "--vault https://vault.example.org:8200"])
  .option("--vault <address>", "the server; left out: where you signed in last")
  .option("--all", "at every server")
  .action(async (options: Options) => {
    const around = await readSurroundings();
    const { sessions } = around;
    const one = options.all === true ? undefined : await keptSession(around, options);
    const ending = options.all === true ? await sessions.all() : one === undefined ? [] : [one];
    if (ending.length === 0) talk("nobody is signed in");
    const failures: Error[] = [];
    for (const found of ending) {
      const session = await sessions.take(found); // whatever Vault says: it is not used from here any more
      if (session === undefined) {
        talk(`another logout at ${found.address} was quicker`);
        continue;
      }
      const { token, forget } = await tokenOf(session, around);
      await forget();
      if (token === undefined) continue;
      const { address, namespace, tls } = session;
      const api = openVaultApi({ address, addressSource: "the last sign-in", namespace, tls, token, tokenSource: "the sign-in" });
      try {
        await duringPlainly(`waiting for Vault at ${address}`, () => revoke(api));
        talk(`logged out at ${address}`);
      } catch (error) {
        failures.push(forgottenOnly(error as Error, session));
      }
    }
    const variable = readTokenVariable();
    if (variable !== undefined) talk(`${variable.name} is still set: its token is used, and is not ended by this`);
    for (const failed of failures) throw failed;
  });

async function tokenOf(session: Session, { settings }: Surroundings) {
  if (session.token !== undefined) return { token: session.token, forget: () => Promise.resolve() };
  const helper = await tokenHelper({ home: settings.home, config: settings.vaultConfig, address: session.address });
  return { token: await helper.get(), forget: () => helper.erase() };
}

/** What happened is told, and what it means. */
function forgottenOnly(error: Error, { until }: Session): Error {
  if (!isFailure(error)) return error;
  const { code, message, hint, exit, fields, cause } = error;
  const told = `the token was deleted here, but Vault was not told: it is valid there${untilWords(until)}; ${message}`;
  return new SshTrustError(code, told, hint, exit, fields, { cause });
}
