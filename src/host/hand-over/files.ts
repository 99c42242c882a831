/** What a host is given: files, whichever way they come to it. */
import { fail } from "../../errors/catalogue.js";
import type { HostGroup } from "../../fleet/fleet.js";
import type { AddedHost } from "../add.js";
import type { HostFile } from "../environment.js";
import { groupSettings, hostSettings, isSetting, settingLines, type Settings, type Told } from "../settings.js";

/** Vault's CAs, and what the host is told of them. All of it is public. */
export interface VaultTls {
  /** PEM; undefined: the host's system knows Vault's CA. */
  readonly caCert: string | undefined;
  readonly serverName: string | undefined;
}

/** A part of an identity: a file of its own, and as a setting for tools that put it in place themselves. */
interface IdentityPart {
  readonly setting: string;
  readonly path: string;
  readonly value: string;
  readonly mode: number;
}

export interface Handed extends Pick<VaultTls, "caCert"> {
  /** What it is for, and how it is to be kept, in lines. */
  readonly about: readonly string[];
  /** Whether it is worth nothing after its use. */
  readonly once: boolean;
  readonly settings: Settings;
  readonly identity: readonly IdentityPart[];
}

const folder = "/etc/ssh-trust";
export const at = {
  folder,
  settings: `${folder}/host.conf`,
  roleId: `${folder}/role-id`,
  secretId: `${folder}/secret-id`,
  wrapped: `${folder}/wrapped`,
  wrappedUntil: `${folder}/wrapped-until`,
  caCert: `${folder}/vault-ca.pem`,
} as const;

type From = Pick<Told, "stored" | "harden"> & VaultTls;

const toldFrom = ({ caCert, ...told }: From): Told => ({
  ...told,
  caCert: caCert === undefined ? undefined : at.caCert,
});

/** What a host is given when it is added. @throws VAULT_ANSWER_UNEXPECTED */
export function handedToHost(host: AddedHost, from: From): Handed {
  const { roleId, wrapped } = host;
  const identity: Handed["identity"] = [
    { setting: "SSH_TRUST_ROLE_ID", path: at.roleId, value: roleId, mode: 0o600 },
    {
      setting: "SSH_TRUST_WRAPPED_UNTIL",
      path: at.wrappedUntil,
      value: String(Math.floor(wrapped.until.getTime() / 1000)), // since 1970
      mode: 0o644,
    },
    { setting: "SSH_TRUST_WRAPPED", path: at.wrapped, value: wrapped.token, mode: 0o600 },
  ];
  for (const { setting, value } of identity)
    if (!isSetting(value))
      throw fail("VAULT_ANSWER_UNEXPECTED", { path: wrapped.path, what: `${setting} cannot be made from it` });
  return {
    about: [
      `Gives ${host.name} its identity, as root there. Whoever reads this first can be that host: after its use, or once it`,
      "can no longer be opened, it is worth nothing.",
    ],
    once: true,
    settings: hostSettings(host, toldFrom(from)),
    caCert: from.caCert,
    identity,
  };
}

/**
 * What all machines of a group are given that enrol themselves. @param jwt where their token is
 * @throws HOST_GROUP_WITHOUT_JWT, VAULT_ANSWER_UNEXPECTED
 */
export const handedToGroup = (group: HostGroup, jwt: string, from: From): Handed => ({
  about: [
    `Has machines of the group ${group.name} enrol themselves, as root there, by the token in ${jwt}.`,
    "Nothing in it is secret, and it is the same for all of them.",
  ],
  once: false,
  settings: groupSettings(group, jwt, toldFrom(from)),
  caCert: from.caCert,
  identity: [],
});

/** Its settings and its identity; what is secret is root's alone. */
export const filesOf = ({ settings, caCert, identity }: Handed): readonly HostFile[] => [
  { path: at.settings, content: settingLines(settings), mode: 0o644 },
  ...(caCert === undefined ? [] : [{ path: at.caCert, content: caCert, mode: 0o644 }]),
  ...identity.map(({ path, value, mode }) => ({ path, content: `${value}\n`, mode })),
];
