/** What hosts are told of Vault's TLS. */
import { fail } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { readNamedFile } from "../../settings/reader.js";
import type { VaultSettings } from "../../settings/vault.js";
import { certificatesIn } from "../../ground/certificates-in.js";
import type { VaultTls } from "./files.js";

/**
 * The CAs that this machine trusts for Vault. The name in the certificate only where this machine goes to the address that hosts go to.
 * Certificates are taken out of the file and nothing else, so that no key goes along.
 * @throws SETTING_INVALID
 */
export async function tlsForHosts(
  { address, tls }: Pick<VaultSettings, "address" | "tls">,
  { fleet }: Pick<StoredFleet, "fleet">,
): Promise<VaultTls> {
  const { caCert: file, serverName } = tls;
  return {
    caCert: file === undefined ? undefined : requireCertificates(await readNamedFile("VAULT_CACERT", file), file),
    serverName: address === fleet.vault ? serverName : undefined,
  };
}

function requireCertificates(text: string, file: string): string {
  const found = certificatesIn(text);
  if (found !== "") return found;
  throw fail("SETTING_INVALID", { name: "VAULT_CACERT", value: file, problem: "there is no certificate in it" });
}
