/**
 * What ssh is told for a host of the fleet. These options come before the person's, and of an option ssh takes the first value:
 * ssh_config(5).
 */
import { keyTypes } from "../../ssh/key-types.js";

export interface StrictLogin {
  /** The only name that the host's certificate may be for. */
  readonly name: string;
  /** The only file of known hosts: it has CAs, and no keys of hosts. */
  readonly knownHosts: string;
  /** The socket of the agent that holds the certificate of this login, and nothing else. */
  readonly agent: string;
  /** "no", a path, or "$" and the name of a variable with one. */
  readonly forwardAgent: string;
  readonly hasKnownHostsCommand: boolean;
  readonly hasGssKeyExchange: boolean;
}

/** RSA signs with SHA-2 only; keys on a token (sk-…) are not hosts'. */
const hostAlgorithms = [...keyTypes.keys()]
  .filter((type) => !type.startsWith("sk-"))
  .flatMap((type) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]))
  .map((type) => `${type}-cert-v01@openssh.com`);

/** An option of ssh_config(5), and its value. */
export type Setting = readonly [key: string, value: string];

/**
 * What holds for a host of the fleet, whoever calls ssh: by `ssh-trust ssh`, and by a person's configuration. Each ssh from 8.4 on knows
 * these, also such as other vendors build.
 */
export const fleetSettings = ({ knownHosts, agent }: Pick<StrictLogin, "knownHosts" | "agent">): readonly Setting[] => [
  // The host: a certificate of this name, by a CA of this file.
  ["UserKnownHostsFile", knownHosts],
  ["GlobalKnownHostsFile", "/dev/null"],
  ["StrictHostKeyChecking", "yes"],
  ["HostKeyAlgorithms", hostAlgorithms.join(",")],
  ["NoHostAuthenticationForLocalhost", "no"],
  ["UpdateHostKeys", "no"],
  ["HashKnownHosts", "no"],
  ["VerifyHostKeyDNS", "no"],
  ["CheckHostIP", "no"],
  // The person: the certificate of this login, and no other key.
  ["IdentityAgent", agent],
  ["IdentitiesOnly", "no"],
  ["IdentityFile", "none"],
  ["PKCS11Provider", "none"],
  ["AddKeysToAgent", "no"],
  ["PubkeyAuthentication", "yes"],
  ["PubkeyAcceptedKeyTypes", "ssh-ed25519-cert-v01@openssh.com"], // the name of before 8.5, which later ones take too
  ["PreferredAuthentications", "publickey"],
];

export function strictOptions(login: StrictLogin): readonly string[] {
  const settings: readonly Setting[] = [
    ["HostKeyAlias", login.name],
    ...fleetSettings(login),
    ...(login.hasGssKeyExchange ? [["GSSAPIKeyExchange", "no"] as const] : []),
    ...(login.hasKnownHostsCommand ? [["KnownHostsCommand", "none"] as const] : []),
    // A connection that is there already may have been made without any of this.
    ["ControlMaster", "no"],
    ["ControlPath", "none"],
    ["ForwardAgent", login.forwardAgent],
  ];
  return settings.flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}
