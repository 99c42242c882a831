/** What a host is given when it is added: files, whichever way they come to it. */
import type { AddedHost } from "../add.js";
import type { HostFile } from "../environment.js";
import { hostSettings, settingLines, type HostTold } from "../settings.js";

/** Vault's CAs, and what the host is told of them. All of it is public. */
export interface VaultTls {
  /** PEM; undefined: the host's system knows Vault's CA. */
  readonly caCert: string | undefined;
  readonly serverName: string | undefined;
}

export interface Handed extends VaultTls, Pick<HostTold, "stored"> {
  readonly host: AddedHost;
}

const folder = "/etc/ssh-trust";
export const at = {
  folder,
  settings: `${folder}/host.conf`,
  roleId: `${folder}/role-id`,
  wrapped: `${folder}/wrapped`,
  wrappedUntil: `${folder}/wrapped-until`,
  caCert: `${folder}/vault-ca.pem`,
} as const;

/** When its secret id can no longer be unwrapped, in seconds since 1970. */
export const untilOf = ({ wrapped }: Pick<AddedHost, "wrapped">): string => String(Math.floor(wrapped.until.getTime() / 1000));

export const settingsText = ({ host, stored, caCert, serverName }: Handed): string =>
  settingLines(hostSettings({ ...host, stored, serverName, caCert: caCert === undefined ? undefined : at.caCert }));

/** Its settings and its identity; what is secret is root's alone. */
export function filesOf(handed: Handed): readonly HostFile[] {
  const { host, caCert } = handed;
  return [
    { path: at.settings, content: settingsText(handed), mode: 0o644 },
    ...(caCert === undefined ? [] : [{ path: at.caCert, content: caCert, mode: 0o644 }]),
    { path: at.roleId, content: `${host.roleId}\n`, mode: 0o600 },
    { path: at.wrappedUntil, content: `${untilOf(host)}\n`, mode: 0o644 },
    { path: at.wrapped, content: `${host.wrapped.token}\n`, mode: 0o600 },
  ];
}
