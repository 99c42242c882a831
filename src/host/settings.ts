/**
 * The settings of ssh-trust-host.sh, by the names that its head explains: what a host has to know of Vault, of the CAs and of itself.
 * Nothing in them is secret.
 */
import { fail } from "../errors/catalogue.js";
import type { HostGroup } from "../fleet/fleet.js";
import type { StoredFleet } from "../fleet/stored.js";
import { enrolRoleOf, hostsMountOf, store } from "../fleet/vault-names.js";
import { parsePublicKey, type SshKey } from "../ssh/public-key.js";
import { appRoleNameOf, entryOf, principalsOf, type Host } from "./host.js";

export type Settings = Readonly<Record<string, string>>;

/** What every host is told, however it comes by its token. */
export interface Trust {
  /** Vault's, as the host reaches it. */
  readonly address: string;
  readonly namespace: string | undefined;
  /** On the host: the CAs that may sign Vault's TLS certificate. */
  readonly caCert: string | undefined;
  readonly serverName: string | undefined;
  /** Where its keys are signed. */
  readonly role: { readonly mount: string; readonly name: string };
  readonly hostCa: Pick<SshKey, "fingerprint">;
  /** The CA whose users may log in; undefined: that is left as it is. */
  readonly userCa: { readonly mount: string; readonly key: Pick<SshKey, "fingerprint"> } | undefined;
  readonly principals: readonly string[];
}

export const trustSettings = ({ address, namespace, caCert, serverName, role, hostCa, userCa, principals }: Trust): Settings => ({
  VAULT_ADDR: address,
  ...(address.startsWith("http:") ? { SSH_TRUST_ALLOW_HTTP: "yes" } : {}),
  ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }),
  ...(caCert === undefined ? {} : { VAULT_CACERT: caCert }),
  ...(serverName === undefined ? {} : { VAULT_TLS_SERVER_NAME: serverName }),
  SSH_TRUST_HOST_SIGN: `${role.mount}/sign/${role.name}`,
  SSH_TRUST_HOST_CA: hostCa.fingerprint,
  SSH_TRUST_PRINCIPALS: principals.join(","),
  ...(userCa === undefined ? {} : { SSH_TRUST_USER_MOUNT: userCa.mount, SSH_TRUST_USER_CA: userCa.key.fingerprint }),
});

/** Percent of a certificate's life after which it is renewed. */
const renewAt = 33;

/** What a host is told of where it asks. */
export interface Told {
  readonly stored: StoredFleet;
  /** Where the host finds the CAs of Vault's TLS certificate; undefined: the system knows them. */
  readonly caCert: string | undefined;
  readonly serverName: string | undefined;
  /** Whether its sshd is to offer none but algorithms that ssh-audit finds no failure in. */
  readonly harden?: boolean;
}

/**
 * What a host is told that signs in by itself: /etc/ssh-trust/host.conf. All of it is from the fleet's entry in Vault.
 * @throws VAULT_ANSWER_UNEXPECTED where that entry holds what cannot be a setting
 */
export const hostSettings = ({ name, group }: Pick<Host, "name" | "group">, told: Told): Settings =>
  checked(ownSettings(appRoleNameOf(name, group.domain), group, told));

/**
 * What all machines of a group are told that enrol themselves by a token of their platform; each fills in its own name.
 * @param jwt where the token is on the machine
 * @throws HOST_GROUP_WITHOUT_JWT; VAULT_ANSWER_UNEXPECTED
 */
export function groupSettings(group: HostGroup, jwt: string, told: Told): Settings {
  if (group.jwt === undefined) throw fail("HOST_GROUP_WITHOUT_JWT", { group: group.name });
  const role = `auth/${group.jwt.mount}/role/${enrolRoleOf(group)}`;
  return checked({ ...ownSettings("%h", group, told), SSH_TRUST_JWT: jwt, SSH_TRUST_JWT_ROLE: role });
}

/** @param label the host's name without its domain */
function ownSettings(label: string, group: HostGroup, { stored, caCert, serverName, harden = false }: Told): Settings {
  const { fleet, cas } = stored;
  const { hostCa, userCa } = fleet.mounts;
  const name = `${label}.${group.domain}`;
  return {
    ...trustSettings({
      address: fleet.vault,
      namespace: fleet.namespace,
      caCert,
      serverName,
      role: { mount: hostCa, name: group.name },
      hostCa: parsePublicKey(cas.host[0] ?? ""),
      userCa: { mount: userCa, key: parsePublicKey(cas.user[0] ?? "") },
      principals: principalsOf(name, group),
    }),
    SSH_TRUST_GROUP: group.name,
    SSH_TRUST_LOGIN: `auth/${hostsMountOf(group.domain)}`,
    SSH_TRUST_ROLE: label,
    SSH_TRUST_ENTRY: entryOf(name),
    SSH_TRUST_RENEW_AT: String(renewAt),
    ...(harden ? { SSH_TRUST_HARDEN: "yes" } : {}),
  };
}

function checked(settings: Settings): Settings {
  for (const [setting, value] of Object.entries(settings))
    if (!isSetting(value))
      throw fail("VAULT_ANSWER_UNEXPECTED", { path: `${store}/data/fleet`, what: `${setting} cannot be made from it` });
  return settings;
}

/** What stands for itself in a file of settings, for systemd as for a shell: no quotes are needed, and none are there. */
export const isSetting = (value: string): boolean => /^[\w.,:/@%+=[\]-]+$/.test(value);

/** As a file has them: `NAME=value`, one a line. */
export const settingLines = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
