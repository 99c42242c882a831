/** What a machine of the cloud enrols with, as files on its disk. */
import type { HostFile } from "../../src/host/environment.js";
import { at, filesOf, type Handed } from "../../src/host/hand-over/files.js";
import { readNamedFile } from "../../src/settings/reader.js";
import type { TlsSettings } from "../../src/settings/vault.js";

const client = { cert: `${at.folder}/vault-client.pem`, key: `${at.folder}/vault-client-key.pem` };

/** Seconds: the longest pause between two tries. Whoever sits at the lab does not want to wait for minutes. */
const retryMax = 5;

/**
 * The files of `host add`, and the client certificate where Vault asks for one: a host has one of its own, and in the lab all show the
 * person's.
 */
export async function filesToEnrol(handed: Handed, tls: Pick<TlsSettings, "client">): Promise<readonly HostFile[]> {
  const settings = { ...handed.settings, SSH_TRUST_RETRY_MAX: String(retryMax) };
  if (tls.client === undefined) return filesOf({ ...handed, settings });
  const { cert, key } = tls.client;
  return [
    ...filesOf({ ...handed, settings: { ...settings, VAULT_CLIENT_CERT: client.cert, VAULT_CLIENT_KEY: client.key } }),
    { path: client.cert, content: await readNamedFile("VAULT_CLIENT_CERT", cert), mode: 0o644 },
    { path: client.key, content: await readNamedFile("VAULT_CLIENT_KEY", key), mode: 0o600 },
  ];
}
