/** Tokens while they are used, and at their end. */
import * as z from "zod";
import { isFailure } from "../../errors/catalogue.js";
import type { VaultApi } from "../../vault/api.js";
import { whoIs, type Me } from "../me.js";

const renewed = z.object({ auth: z.object({ lease_duration: z.number() }) });

/**
 * Asked for once half of a token's life is over, where it can be renewed. What Vault refuses is no harm: it is valid until it ends.
 * @returns how long it is valid now, in seconds; undefined where it was not renewed
 */
export async function renewWhileUsed(api: VaultApi, { renewable, until, life }: Me): Promise<number | undefined> {
  if (!renewable || until === undefined || until.getTime() - Date.now() > (life * 1000) / 2) return undefined;
  return (await api.write("auth/token/renew-self", {}, renewed).catch(() => undefined))?.auth.lease_duration;
}

/** Ends a token with Vault. One that Vault does not know is ended already. @throws VAULT_PERMISSION_DENIED where it is still valid; VAULT_UNREACHABLE, … */
export async function revoke(api: VaultApi): Promise<void> {
  try {
    await api.write("auth/token/revoke-self", {}, z.unknown());
  } catch (error) {
    if (isFailure(error, "VAULT_TOKEN_REFUSED")) return;
    // Said of a token that is not known, and of one that may not end itself.
    if (isFailure(error, "VAULT_PERMISSION_DENIED") && (await whoIs(api)) === undefined) return;
    throw error;
  }
}
