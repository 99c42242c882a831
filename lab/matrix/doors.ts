/** The sshds of the matrix as data: each listens at a port of its own in every container, and shows what its name says. */
import { keyTypes, hostCertificates, type HostCertificate, userCertificates, type UserCertificate } from "./certificates.js";
import { at } from "./kit.js";
import { since } from "./openssh-version.js";

export interface Door {
  readonly name: string;
  /** What it proves itself with: the keys that Vault signed, a certificate of the matrix's own CA, or a plain key. */
  readonly shows: "vault" | "plain" | HostCertificate;
  /** Settings beside those that all have, or instead of them. */
  readonly settings?: readonly string[];
  /** The first version that knows the settings. */
  readonly since?: string;
}

const hostDoors = (Object.keys(hostCertificates) as HostCertificate[]).map((name): Door => ({
  name: `host-${name}`,
  shows: name,
}));
/** One for each certificate of a user: what a door writes is about this one. */
const userDoors = (Object.keys(userCertificates) as UserCertificate[]).map(
  // At this level sshd says too which CA it does not trust.
  (name): Door => ({ name: `user-${name}`, shows: "vault", settings: ["LogLevel DEBUG2"] }),
);

export const penalties = { since: "9.8", why: "PerSourcePenalties are of OpenSSH 9.8" };

export const doors: readonly Door[] = [
  { name: "vault", shows: "vault" },
  { name: "plain", shows: "plain" },
  ...hostDoors,
  ...userDoors,
  {
    name: "authorized-keys",
    shows: "vault",
    settings: [`AuthorizedKeysFile ${at("authorized_keys")}`, "TrustedUserCAKeys none"],
  },
  { name: "trusts-a-stranger", shows: "vault", settings: [`TrustedUserCAKeys ${at("stranger_cas.pub")}`] },
  { name: "one-try", shows: "vault", settings: ["MaxAuthTries 1"] },
  { name: "narrow", shows: "vault", settings: ["Ciphers aes128-ctr"] },
  { name: "startups", shows: "vault", settings: ["MaxStartups 1"] },
  {
    name: "penalties",
    shows: "vault",
    settings: ["PerSourcePenalties authfail:120s min:1s"],
    since: penalties.since,
  },
  // Their certificates are replaced while they run.
  { name: "renewed", shows: "good", settings: [`HostCertificate ${at("renewed-cert.pub")}`] },
  { name: "reloaded", shows: "good", settings: [`HostCertificate ${at("reloaded-cert.pub")}`] },
];

const firstPort = 2200;
/** Nobody listens there. */
export const closedPort = 2199;

export function portOf(name: string): number {
  const index = doors.findIndex((door) => door.name === name);
  if (index === -1) throw new Error(`there is no door ${name}`);
  return firstPort + index;
}

/** Those that a version can have. */
export const doorsFor = (version: string): readonly Door[] =>
  doors.filter((door) => door.since === undefined || since(version, door.since));

export const logOfDoor = (name: string): string => at(`${name}.log`);
export const pidFileOf = (name: string): string => at(`${name}.pid`);
export const configOf = (name: string): string => at(`${name}.conf`);

/** Its sshd_config. */
export function render({ name, shows, settings = [] }: Door, version: string): string {
  const key = (type: string) => `HostKey ${at(`host_${type}`)}`;
  const shown = {
    vault: keyTypes.flatMap((type) => [key(type), `HostCertificate ${at(`host_${type}-cert.pub`)}`]),
    plain: [key("ed25519")],
  };
  const lines = [
    `Port ${String(portOf(name))}`,
    `PidFile ${pidFileOf(name)}`,
    ...(shows === "vault" || shows === "plain"
      ? shown[shows]
      : [key("ed25519"), `HostCertificate ${at(`host_${shows}-cert.pub`)}`]),
    `TrustedUserCAKeys ${at("user_cas.pub")}`,
    "AuthorizedKeysFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "LogLevel VERBOSE",
    // The cells run side by side, and many of them are refused.
    "MaxStartups 200",
    ...(since(version, penalties.since) ? ["PerSourcePenalties no"] : []),
  ];
  // Not twice: of MaxStartups, the last would count.
  const keyword = (line: string) => line.split(" ")[0];
  const kept = lines.filter((line) => !settings.some((setting) => keyword(setting) === keyword(line)));
  return `${[...kept, ...settings].join("\n")}\n`;
}
