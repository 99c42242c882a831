/** Tokens while they are used, and at their end. */
import * as z from "zod";
import { isFailure } from "../../errors/catalogue.js";
import type { VaultApi } from "../../vault/api.js";
import type { Me } from "../me.js";

/** Asked for once half of a token's life is over, where it can be renewed. What Vault refuses is no harm: it is valid until it ends. */
export async function renewWhileUsed(api: VaultApi, { renewable, until, life }: Me): Promise<void> {
  if (!renewable || until === undefined || until.getTime() - Date.now() > (life * 1000) / 2) return;
  await api.write("auth/token/renew-self", {}, z.unknown()).catch(() => undefined);
}

/** Ends a token with Vault. One that Vault does not know is ended already. @throws VAULT_UNREACHABLE, … */
export async function revoke(api: VaultApi): Promise<void> {
  try {
    await api.write("auth/token/revoke-self", {}, z.unknown());
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED") && !isFailure(error, "VAULT_TOKEN_REFUSED")) throw error;
  }
}
