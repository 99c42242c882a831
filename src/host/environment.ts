/** What ssh-trust-host.sh is told on a host: its environment, and the files that this names. See the script's head. */
import type { SshRole } from "../roles.js";
import type { SshKey } from "../ssh/public-key.js";
import { readNamedFile } from "../settings/reader.js";
import type { VaultSettings } from "../settings/vault.js";
import { trustSettings } from "./settings.js";

export interface HostRequest {
  /** How the host reaches Vault; the files of `tls` are read here, and their contents are put on the host. */
  readonly vault: Pick<VaultSettings, "address" | "namespace" | "tls">;
  /** A token that may sign with the role, a secret. */
  readonly token: string;
  readonly role: Pick<SshRole, "mount" | "name">;
  /** The names that the host answers to. */
  readonly principals: readonly string[];
  readonly hostCa: Pick<SshKey, "fingerprint">;
  /** The CA whose users may log in; undefined: that is left as it is. */
  readonly userCa?: { readonly mount: string; readonly key: Pick<SshKey, "fingerprint"> } | undefined;
  /** Seconds: the longest pause between two tries. */
  readonly retryMax?: number;
}

export interface HostFile {
  /** Absolute, on the host. */
  readonly path: string;
  readonly content: string;
  /** Permission bits. */
  readonly mode: number;
}

export interface HostConfiguration {
  /** Nothing secret is in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly HostFile[];
}

const folder = "/run/secrets";
const at = {
  token: `${folder}/vault-token`,
  caCert: `${folder}/vault-ca.pem`,
  clientCert: `${folder}/vault-client.pem`,
  clientKey: `${folder}/vault-client-key.pem`,
};

/**
 * @throws SETTING_INVALID for a file of `tls` that cannot be read
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { hostConfiguration, parsePublicKey } from "ssh-trust";
 *
 * const { env, files } = await hostConfiguration({
 *   vault: { address: "https://vault.example.org:8200", namespace: undefined, tls: {} },
 *   token: "s.example",
 *   role: { mount: "host-ssh", name: "web" },
 *   principals: ["web-1.example.org"],
 *   hostCa: parsePublicKey(await readFile("host_ca.pub", "utf8")),
 * });
 * console.log(env["SSH_TRUST_HOST_SIGN"]); // host-ssh/sign/web
 * console.log(files.map(({ path, mode }) => `${path} ${mode.toString(8)}`).join()); // /run/secrets/vault-token 400
 * ```
 */
export async function hostConfiguration(request: HostRequest): Promise<HostConfiguration> {
  const { vault, token, role, principals, hostCa, userCa, retryMax } = request;
  const { caCert, client, serverName } = vault.tls;
  const copied = async (name: string, from: string, path: string, mode: number): Promise<HostFile> => ({
    path,
    content: await readNamedFile(name, from),
    mode,
  });
  return {
    env: {
      ...trustSettings({
        ...vault,
        caCert: caCert === undefined ? undefined : at.caCert,
        serverName,
        role,
        hostCa,
        userCa,
        principals,
      }),
      ...(client === undefined ? {} : { VAULT_CLIENT_CERT: at.clientCert, VAULT_CLIENT_KEY: at.clientKey }),
      ...(retryMax === undefined ? {} : { SSH_TRUST_RETRY_MAX: String(retryMax) }),
    },
    files: [
      { path: at.token, content: token, mode: 0o400 },
      ...(caCert === undefined ? [] : [await copied("VAULT_CACERT", caCert, at.caCert, 0o444)]),
      ...(client === undefined
        ? []
        : [
            await copied("VAULT_CLIENT_CERT", client.cert, at.clientCert, 0o444),
            await copied("VAULT_CLIENT_KEY", client.key, at.clientKey, 0o400),
          ]),
    ],
  };
}
