/** What others are told of Vault's TLS, from what this machine goes by. */
import { fail } from "../errors/catalogue.js";
import { certificatesIn } from "../ground/certificates-in.js";
import { readNamedFile } from "../settings/reader.js";
import type { VaultSettings } from "../settings/vault.js";

export interface OwnTls {
  /** PEM; undefined: the system knows Vault's CA. */
  readonly caCert: string | undefined;
  readonly serverName: string | undefined;
}

/**
 * The CAs that this machine trusts for Vault. The name in the certificate only where this machine goes to the address that others go to.
 * Certificates are taken out of the file and nothing else, so that no key goes along.
 * @param vault the address that others go to
 * @throws SETTING_INVALID
 */
export async function tlsForOthers({ address, tls }: Pick<VaultSettings, "address" | "tls">, vault: string): Promise<OwnTls> {
  const { caCert: file, serverName } = tls;
  return {
    caCert: file === undefined ? undefined : requireCertificates(await readNamedFile("VAULT_CACERT", file), file),
    serverName: address === vault ? serverName : undefined,
  };
}

function requireCertificates(text: string, file: string): string {
  const found = certificatesIn(text);
  if (found !== "") return found;
  throw fail("SETTING_INVALID", { name: "VAULT_CACERT", value: file, problem: "there is no certificate in it" });
}
