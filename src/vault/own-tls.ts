/** What others are told of Vault's TLS, from what this machine goes by. */
import { certificatesIn } from "../ground/certificates-in.js";
import type { VaultSettings } from "../settings/vault.js";
import { readTlsFiles } from "./tls.js";

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
  const { serverName } = tls;
  return {
    caCert: await casForOthers(tls),
    serverName: address === vault ? serverName : undefined,
  };
}

/** PEM of the CAs alone; undefined: the system knows Vault's CA. @throws SETTING_INVALID */
export async function casForOthers(tls: VaultSettings["tls"]): Promise<string | undefined> {
  const { caCert, caPath, caText } = tls;
  const { ca } = await readTlsFiles({
    ...(caCert === undefined ? {} : { caCert }),
    ...(caPath === undefined ? {} : { caPath }),
    ...(caText === undefined ? {} : { caText }),
  });
  return ca === undefined ? undefined : certificatesIn(ca);
}
