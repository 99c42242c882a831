/** Signing in where that is needed, for the verbs of people: whoever is signed in is not asked anything. */
import type { Command } from "commander";
import { fail } from "../errors/catalogue.js";
import { whoIs } from "../people/me.js";
import type { SignedIn } from "../people/signed-in.js";
import { requireVaultSettings } from "../settings/vault.js";
import { openVaultApi } from "../vault/api.js";
import { readStoredFleet } from "../vault/stored-fleet.js";
import { requireToken } from "../vault/token.js";

/** What a person may say of where and how they sign in. */
export interface SignInOptions {
  readonly vault?: string;
}

/** The options of `SignInOptions`, for a verb. */
export const withSignIn = (declared: Command): Command =>
  declared.option("--vault <address>", "Vault's address; left out: that of the sign-in, of the client file, or VAULT_ADDR");

/**
 * Does something as the person who is signed in, and signs in first where nobody is. A sign-in that is for this call only, as a
 * robot's, ends with it.
 * @param what the verb, for messages
 */
export async function asSignedIn<T>(what: string, _options: SignInOptions, work: (signedIn: SignedIn) => Promise<T>): Promise<T> {
  const settings = requireVaultSettings(what);
  const token = requireToken(settings);
  const api = openVaultApi(settings);
  const me = await whoIs(api);
  if (me === undefined) throw fail("VAULT_TOKEN_REFUSED", { address: settings.address });
  return work({ settings: { ...settings, token }, me, stored: await readStoredFleet(api) });
}
