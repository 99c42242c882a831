/** Logging in at a door. */
import type { Executed } from "../docker/exec.js";
import { account } from "../story.js";
import type { Cell } from "./cell.js";
import { hostName } from "./certificates.js";
import { logOfDoor, portOf } from "./doors.js";
import { clientUser } from "./doorway.js";
import type { Grounds } from "./grounds.js";
import { at } from "./kit.js";

export interface Login {
  readonly door: string;
  /** The client's list of hosts: known_hosts.<hosts>. */
  readonly hosts: "vault" | "own" | "changed" | "revoked" | "empty";
  /** Of the user: the key, and the certificate where it is not the one that Vault signed for this key. */
  readonly key?: "rsa" | "ecdsa" | "ed25519";
  readonly certificate?: string;
  readonly settings?: readonly string[];
}

/** ssh's options; everything else is OpenSSH's own default. */
export function optionsOf({ door, hosts, key = "ed25519", certificate, settings = [] }: Login): string[] {
  const own = [
    ...settings,
    "StrictHostKeyChecking=yes",
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "GlobalKnownHostsFile=none",
    `UserKnownHostsFile=${at(`known_hosts.${hosts}`)}`,
    `HostKeyAlias=${hostName}`,
    `CertificateFile=${at(`user_${certificate ?? key}-cert.pub`)}`,
    "ConnectTimeout=10",
  ];
  return ["-F", "none", "-p", String(portOf(door)), "-i", at(`user_${key}`), ...own.flatMap((each) => ["-o", each])];
}

export const destination = (grounds: Grounds, { server }: Cell): string => `${account}@${grounds.machine(server).address}`;

/** Logs in, and shows what ssh says about it. */
export function logIn(grounds: Grounds, cell: Cell, login: Login): Promise<Executed> {
  const client = grounds.machine(cell.client ?? cell.server);
  return client.run(["ssh", "-v", ...optionsOf(login), destination(grounds, cell), "whoami"], { user: clientUser, seconds: 30 });
}

/** What a door has written so far. */
export const logOf = async (grounds: Grounds, { server }: Cell, door: string): Promise<string> =>
  (await grounds.machine(server).run(["cat", logOfDoor(door)])).stdout;
