/** Where the verbs of `host` work: the server that VAULT_ADDR names, and the fleet that it has. No fleet file is needed. */
import { isFailure, SshTrustError } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import type { StoredFleet } from "../../../fleet/stored.js";
import { requireVaultSettings, type VaultSettings } from "../../../settings/vault.js";
import { openVaultApi, type VaultApi } from "../../../vault/api.js";
import { readStoredFleet } from "../../../vault/stored-fleet.js";

export interface Registry {
  readonly settings: VaultSettings;
  readonly api: VaultApi;
  readonly stored: StoredFleet;
}

/** Opens it, and does something there; where the token may not, it is said whose it has to be. */
export async function atRegistry<T>(what: string, work: (registry: Registry) => Promise<T>): Promise<T> {
  const settings = requireVaultSettings(`host ${what}`);
  const api = openVaultApi(settings);
  try {
    return await work({ settings, api, stored: await readStoredFleet(api) });
  } catch (error) {
    throw withPolicy(error);
  }
}

function withPolicy(error: unknown): unknown {
  if (!isFailure(error, "VAULT_PERMISSION_DENIED")) return error;
  const { code, message, hint, exit, fields, cause } = error;
  const policy = {
    say: "hosts are added and removed with the registrar's policy, which changes with the fleet's groups",
    run: verb("apply --print-policy registrar"),
  };
  return new SshTrustError(code, message, [...hint, policy], exit, fields, { cause });
}
