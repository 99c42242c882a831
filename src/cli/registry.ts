/** Where the verbs of registrars work: the server that VAULT_ADDR names, and the fleet that it has. No fleet file is needed. */
import { isFailure, SshTrustError } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import type { StoredFleet } from "../fleet/stored.js";
import { requirePrivateLine, requireVaultSettings, type VaultSettings } from "../settings/vault.js";
import { openVaultApi, type VaultApi } from "../vault/api.js";
import { readStoredFleet } from "../vault/stored-fleet.js";

export interface Registry {
  readonly settings: VaultSettings;
  readonly api: VaultApi;
  readonly stored: StoredFleet;
}

/**
 * Opens it, and does something there.
 * @param verb for messages, such as "host add"
 * @param policy what a token needs that may not
 */
export async function atRegistry<T>(verb: string, policy: Advice, work: (registry: Registry) => Promise<T>): Promise<T> {
  const settings = requireVaultSettings(verb);
  requirePrivateLine(settings);
  const api = openVaultApi(settings);
  try {
    return await work({ settings, api, stored: await readStoredFleet(api) });
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED")) throw error;
    const { code, message, hint, exit, fields, cause } = error;
    throw new SshTrustError(code, message, [...hint, policy], exit, fields, { cause });
  }
}
