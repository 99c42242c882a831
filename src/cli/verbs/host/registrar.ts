/** Where the verbs of `host` work: the server that VAULT_ADDR names, and the fleet that it has. No fleet file is needed. */
import { isFailure, fail, SshTrustError } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import type { StoredFleet } from "../../../fleet/stored.js";
import { certificatesIn } from "../../../host/hand-over/certificates.js";
import type { VaultTls } from "../../../host/hand-over/files.js";
import { readNamedFile } from "../../../settings/reader.js";
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
  const policy = { say: "hosts are added and removed with the registrar's policy", run: verb("apply --print-policy registrar") };
  return new SshTrustError(code, message, [...hint, policy], exit, fields, { cause });
}

/**
 * What hosts are told of Vault's TLS: the CAs that this machine trusts for it. The name in the certificate only where this machine
 * goes to the address that hosts go to. Certificates are taken out of the file and nothing else, so that no key goes along.
 * @throws SETTING_INVALID
 */
export async function tlsForHosts({ settings, stored }: Pick<Registry, "settings" | "stored">): Promise<VaultTls> {
  const { caCert: file, serverName } = settings.tls;
  const same = settings.address === stored.fleet.vault;
  return {
    caCert: file === undefined ? undefined : requireCertificates(await readNamedFile("VAULT_CACERT", file), file),
    serverName: same ? serverName : undefined,
  };
}

function requireCertificates(text: string, file: string): string {
  const found = certificatesIn(text);
  if (found !== "") return found;
  throw fail("SETTING_INVALID", { name: "VAULT_CACERT", value: file, problem: "there is no certificate in it" });
}
