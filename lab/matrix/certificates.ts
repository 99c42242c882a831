/** The certificates that no CA should have made, or that versions read differently, as data; a CA of the matrix's own signs them. */
import { account } from "../story.js";
import { matrixRole } from "./role.js";

export const keyTypes = ["rsa", "ecdsa", "ed25519"] as const;
export type KeyType = (typeof keyTypes)[number];

/** What they are called by their clients. */
export const hostName = matrixRole.principals[0] ?? "";

export interface OddCertificate {
  readonly type: "host" | "user";
  readonly principals: readonly string[];
  /** As ssh-keygen's -V has it. */
  readonly valid: string;
  /** The CA that those trust whom it is shown to, or one that they never heard of. */
  readonly ca: "own" | "stranger";
  /** As ssh-keygen's -O has them. */
  readonly options: readonly string[];
}

const host: OddCertificate = { type: "host", principals: [hostName], valid: "-1h:+1d", ca: "own", options: [] };
const user: OddCertificate = { ...host, type: "user", principals: [account] };
const [past, future] = ["-52w:-1w", "+1w:+52w"];

/** Presented by hosts; those that are called as their reason are refused for it. */
export const hostCertificates = {
  good: host,
  newer: host,
  "another-name": { ...host, principals: ["other.lab.test"] },
  expired: { ...host, valid: past },
  "not-yet-valid": { ...host, valid: future },
  "of-a-user": { ...user, principals: [hostName] },
  "unknown-ca": { ...host, ca: "stranger" },
  "critical-option": { ...host, options: ["critical:force-command=true"] },
  wildcard: { ...host, principals: ["*.lab.test"] },
  "no-principals": { ...host, principals: [] },
} as const satisfies Record<string, OddCertificate>;

/** Presented by users. */
export const userCertificates = {
  good: user,
  "another-name": { ...user, principals: ["somebody-else"] },
  expired: { ...user, valid: past },
  "not-yet-valid": { ...user, valid: future },
  "of-a-host": { ...host, principals: [account] },
  "unknown-ca": { ...user, ca: "stranger" },
  "critical-option": { ...user, options: ["critical:unheard-of@lab.test=1"] },
  elsewhere: { ...user, options: ["source-address=192.0.2.0/24"] },
  "no-principals": { ...user, principals: [] },
} as const satisfies Record<string, OddCertificate>;

export type HostCertificate = keyof typeof hostCertificates;
export type UserCertificate = keyof typeof userCertificates;
