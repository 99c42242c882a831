/** `ssh-trust logout`: the token ends with Vault, and is forgotten here. */
import type { Command } from "commander";
import { fail, isFailure } from "../../../errors/catalogue.js";
import { revoke } from "../../../people/session/end.js";
import type { Session } from "../../../people/session/session.js";
import { readTokenVariable } from "../../../settings/vault.js";
import { verb } from "../../../terminal/command.js";
import { talk, talkInLines } from "../../../terminal/report.js";
import { openVaultApi } from "../../../vault/api.js";
import { tellAgent } from "../../agent/start.js";
import { untilWords } from "../../sign-in/describe.js";
import { tokenOf } from "../../sign-in/kept-token.js";
import { usualServer } from "../../sign-in/options.js";
import { keptSession, readSurroundings, type Surroundings } from "../../sign-in/surroundings.js";
import { waitingForVault } from "../../waiting-for-vault.js";

interface Options {
  readonly vault?: string;
  readonly all?: true;
}

export const logout: Command = verb("logout", ["", "--all", "--vault https://vault.example.org:8200"])
  .option("--vault <address>", `the server; default: ${usualServer}`)
  .option("--all", "sign out of every server that you are signed in to")
  .action(async (options: Options) => {
    const around = await readSurroundings();
    const one = options.all === true ? undefined : await keptSession(around, options);
    const ending = options.all === true ? await around.sessions.all() : one === undefined ? [] : [one];
    if (ending.length === 0) talk("nobody is signed in");
    const failures: Error[] = [];
    for (const session of ending) await end(session, around, options).catch((error: unknown) => failures.push(error as Error));
    await tellAgent(around.settings);
    const variable = readTokenVariable();
    if (variable !== undefined) talkInLines([`${variable.name} is still set: its token is used, and is not ended by this`]);
    for (const { message } of failures.slice(0, -1)) talkInLines([message]);
    const last = failures.at(-1);
    if (last !== undefined) throw last;
  });

/** Whatever Vault says: the sign-in is not used from here any more. */
async function end(found: Session, around: Surroundings, options: Options): Promise<void> {
  const { address } = found;
  const session = await around.sessions.take(found);
  if (session === undefined) {
    talk(`another logout at ${address} has already ended it`);
    return;
  }
  const kept = await tokenOf(session, around, options);
  if (kept === undefined) {
    talkInLines([`the sign-in at ${address} is forgotten; its token is not here any more`]);
    return;
  }
  await kept.erase();
  await waitingForVault(address, () => revoke(openVaultApi(kept.settings))).catch((error: unknown) => {
    throw forgottenOnly(error as Error, session);
  });
  talk(`logged out at ${address}`);
}

/** What happened is told, and what it means. */
function forgottenOnly(error: Error, { until }: Session): Error {
  if (!isFailure(error)) return error;
  return fail("LOGOUT_NOT_AT_VAULT", { until: untilWords(until), reason: error.message }, error);
}
