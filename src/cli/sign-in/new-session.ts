/** Somebody signs in, and it is kept. */
import { fail, isFailure } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { whoIs, type Me } from "../../people/me.js";
import { revoke } from "../../people/session/end.js";
import { sessionOf } from "../../people/session/keep.js";
import { remember } from "../../people/session/remembered.js";
import type { Session } from "../../people/session/session.js";
import type { Where } from "../../people/sign-in/where.js";
import type { Kept, NotKept } from "../../people/ssh-config/keep-current.js";
import { describeServer } from "../../people/ssh-config/server-name.js";
import { readSshConfigPlaces } from "../../settings/ssh-config.js";
import { openVaultApi, type VaultApi } from "../../vault/api.js";
import { readStoredFleet } from "../../vault/stored-fleet.js";
import { helperFor, requireMemory, type Surroundings } from "./surroundings.js";
import { waitingForVault } from "../waiting-for-vault.js";

export interface NewSession {
  readonly session: Session;
  readonly me: Me;
  /** Undefined for somebody in no group of the fleet. */
  readonly stored: StoredFleet | undefined;
  /** Where the token is kept, for a message. */
  readonly keptIn: string;
  /** What became of what `config install` wrote; undefined for somebody in no group of the fleet. */
  readonly config: Kept | NotKept | undefined;
  /** What is to be told of the agent. */
  readonly ofAgent: readonly string[];
}

/** @param token what the sign-in gave. Where it cannot be kept, it is ended. @throws SIGN_IN_NO_PLACE, TOKEN_HELPER_FAILED, SIGN_IN_OVER, … */
export async function newSession(around: Surroundings, where: Where, token: string, byHelper: boolean): Promise<NewSession> {
  const api = openVaultApi({ ...where.settings, token, tokenSource: "the sign-in" });
  try {
    return await kept(around, where, api, token, byHelper);
  } catch (error) {
    if (where.method !== "token") await revoke(api).catch(() => undefined); // a token that was given is somebody else's, too
    throw error;
  }
}

async function kept(around: Surroundings, where: Where, api: VaultApi, token: string, byHelper: boolean): Promise<NewSession> {
  const { sessions } = around;
  const { address } = where.settings;
  const [me, stored] = await waitingForVault(address, () => Promise.all([whoIs(api), readStoredFleet(api).catch(inNoGroup)]));
  if (me === undefined) throw fail("SIGN_IN_OVER", { source: "the sign-in", address });
  const helper = byHelper ? await helperFor(around, address) : undefined;
  const seconds = me.until === undefined ? undefined : Math.floor((me.until.getTime() - Date.now()) / 1000);
  const session = sessionOf(where, token, byHelper, seconds, stored, Date.now());
  await helper?.store(token);
  const before = await sessions.keep(session);
  await remember(around.rememberedIn, session);
  // They are not needed any more; what becomes of them does not matter to the new one.
  for (const { token: old, method } of before)
    if (old !== undefined && old !== token && method !== "token")
      await revoke(openVaultApi({ ...where.settings, token: old, tokenSource: "the last sign-in" })).catch(() => undefined);
  const config = stored === undefined ? undefined : await followFleet(stored, me, session, around);
  const { agentAfterSignIn } = await import("../agent/start.js");
  const ofAgent = await agentAfterSignIn(around.settings);
  return { session, me, stored, keptIn: helper?.name ?? requireMemory(around).fileOf(session), config, ofAgent };
}

/** What is kept here of the fleet. Nobody's sign-in fails for it. */
async function followFleet(stored: StoredFleet, me: Me, session: Session, { settings }: Surroundings): Promise<Kept | NotKept> {
  const { keepConfigCurrent } = await import("../../people/ssh-config/keep-current.js");
  const { rememberFleet } = await import("../../people/remembered-names.js");
  await rememberFleet(settings.state, stored, me, describeServer(session));
  return keepConfigCurrent(stored, session, readSshConfigPlaces());
}

/** Whoever is in a group of people may read the fleet. Whether the token is good at all, `whoIs` says. */
export function inNoGroup(error: unknown): undefined {
  if (isFailure(error, "VAULT_PERMISSION_DENIED") || isFailure(error, "VAULT_TOKEN_REFUSED")) return undefined;
  throw error;
}
