/** What a registrar does with hosts, as the library has it: each function asks the server of its settings, and reads the fleet there. */
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import { problemOfCidr } from "../ground/cidr.js";
import { printable } from "../ground/printable.js";
import type { VaultSettings } from "../settings/vault.js";
import { openVaultApi, type VaultApi } from "../vault/api.js";
import { readStoredFleet } from "../vault/stored-fleet.js";
import { addHost as add, reissueHost as reissue, withoutSecrets, type NewHost } from "./add.js";
import { handedToHost } from "./hand-over/files.js";
import { renderer, type HandOverFormat } from "./hand-over/render.js";
import { tlsForHosts } from "./hand-over/tls.js";
import { listHosts as list } from "./list-hosts.js";
import type { HostState } from "./state.js";
import { takeHostAway as takeAway, type RemovedHost, type RemoveOptions } from "./take-away.js";

export interface NewHostOptions {
  /**
   * Brings the text to its machine, such as in a file with mode 0600. It is a secret until the machine has used it: whoever uses it first is
   * that host. Where this throws, the identity is taken away again.
   */
  readonly handOver: (text: string, host: NewHost) => Promise<void>;
  /** What the text is: "user-data" for cloud-init, "shell" for a script that root runs, "env" for NAME=value lines. "user-data" if left out. */
  readonly format?: HandOverFormat;
  /** Whole seconds in which the text can be used, 60 to 86400. 3600 if left out. */
  readonly valid?: number;
  /** Ranges of addresses that the host may sign in from, such as "10.0.0.0/8". Left out: any; in `reissueHost`, those of the old identity. */
  readonly cidrs?: readonly string[];
  /** Whether the machine's image has the script and its units, so that the text need not bring them. */
  readonly installed?: boolean;
  /** Whether its sshd is to offer none but algorithms that ssh-audit finds no failure in. */
  readonly harden?: boolean;
}

/** A host as Vault knows it. */
export interface KnownHost {
  readonly name: string;
  /** Undefined: no group of the fleet has its name any more. */
  readonly group: string | undefined;
  /** Whether it has an identity; without one it can renew nothing. */
  readonly identity: boolean;
  readonly state: HostState;
  /** When Vault last stored what it says of itself, by Vault's clock; undefined: it has said nothing yet. */
  readonly seen: Date | undefined;
}

/**
 * Gives a new host its identity; a host that was removed for good is let in again. The fleet that was applied says which group has
 * the name.
 * @param settings with a registrar's token (`ssh-trust apply --print-policy registrar`). The certificates in `tls.caCert` go along
 * @param name the full name, such as "web-1.example.org"
 * @throws HOST_OPTION_INVALID, HOST_NAME_INVALID, HOST_IN_NO_GROUP, HOST_ENROLLED, HOST_UNCERTIFIED, FLEET_NOT_APPLIED, VAULT_PERMISSION_DENIED, …;
 *   HOST_LEFT_BEHIND where the host has an identity that nobody was handed; what `handOver` throws
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { addHost, readVaultSettings } from "ssh-trust";
 *
 * const settings = readVaultSettings(); // VAULT_ADDR, and a registrar's VAULT_TOKEN
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const host = await addHost(settings, "web-1.example.org", {
 *   handOver: (text) => writeFile("user-data", text, { mode: 0o600, flag: "wx" }),
 * });
 * console.log(host.group, host.principals.join()); // web web-1.example.org,www.example.org
 * ```
 */
export const addHost = (settings: VaultSettings, name: string, options: NewHostOptions): Promise<NewHost> =>
  given(settings, name, options, add);

/**
 * Gives a host another identity, for a lost disk or a stolen one. The old one is worth nothing from then on, also where the new one cannot be
 * handed over; certificates that were signed for it stay valid until they end.
 * @param settings with a registrar's token
 * @throws HOST_UNKNOWN where it has no identity, and as `addHost`
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { readVaultSettings, reissueHost } from "ssh-trust";
 *
 * const settings = readVaultSettings();
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const { validUntil } = await reissueHost(settings, "web-1.example.org", {
 *   format: "shell",
 *   valid: 300, // seconds
 *   handOver: (text) => writeFile("enrol.sh", text, { mode: 0o600, flag: "wx" }),
 * });
 * console.log(validUntil > new Date()); // true
 * ```
 */
export const reissueHost = (settings: VaultSettings, name: string, options: NewHostOptions): Promise<NewHost> =>
  given(settings, name, options, reissue);

/**
 * Ends all that a host may do, and forgets what it said. Certificates that were signed for it stay valid until they end: the answer says
 * when that is.
 * @param settings with a registrar's token
 * @param options `forGood: false`: a machine that enrols itself may come back by its platform's token
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP, HOST_UNKNOWN, FLEET_NOT_APPLIED, VAULT_PERMISSION_DENIED, …; HOST_TOKEN_STILL_GOOD where it
 *   could not be kept from enrolling itself again
 * @example
 * ```ts
 * import { readVaultSettings, takeHostAway } from "ssh-trust";
 *
 * const settings = readVaultSettings();
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const { shownUntil, atMost } = await takeHostAway(settings, "web-1.example.org");
 * console.log(shownUntil, atMost); // undefined 259200
 * ```
 */
export async function takeHostAway(settings: VaultSettings, name: string, options?: RemoveOptions): Promise<RemovedHost> {
  const { api, stored } = await opened(settings);
  return takeAway(api, stored, name, options);
}

/**
 * All hosts that have an identity, and those that said something once, sorted by name.
 * @param settings with a registrar's token
 * @param group the group whose hosts are listed; left out: all of them. Of a group that the fleet does not have, there are none
 * @throws FLEET_NOT_APPLIED, VAULT_PERMISSION_DENIED, …
 * @example
 * ```ts
 * import { listHosts, readVaultSettings } from "ssh-trust";
 *
 * const settings = readVaultSettings();
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const hosts = await listHosts(settings, "web");
 * console.log(hosts.map(({ name, state }) => `${name} ${state.kind}`).join()); // web-1.example.org not-enrolled
 * ```
 */
export async function listHosts(settings: VaultSettings, group?: string): Promise<readonly KnownHost[]> {
  const { api, stored } = await opened(settings);
  return (await list(api, stored, group)).map(({ name, group: of, identity, state, said }) => ({
    name,
    group: of?.name,
    identity,
    state,
    seen: said?.at,
  }));
}

async function opened(settings: VaultSettings): Promise<{ readonly api: VaultApi; readonly stored: StoredFleet }> {
  const api = openVaultApi(settings);
  return { api, stored: await readStoredFleet(api) };
}

async function given(settings: VaultSettings, name: string, options: NewHostOptions, give: typeof add): Promise<NewHost> {
  const { format = "user-data", valid = 3600, cidrs, installed, harden, handOver } = options;
  refuseWrong(valid, cidrs ?? []);
  const { api, stored } = await opened(settings);
  const tls = await tlsForHosts(settings, stored);
  const render = await renderer(format, installed);
  const added = await give(api, stored, name, {
    valid,
    ...(cidrs === undefined ? {} : { cidrs }),
    handOver: (host) =>
      handOver(render(handedToHost(host, { stored, ...(harden === undefined ? {} : { harden }), ...tls })), withoutSecrets(host)),
  });
  return withoutSecrets(added);
}

/** More than a day, a registrar's policy does not allow. */
function refuseWrong(valid: number, cidrs: readonly string[]): void {
  if (!Number.isInteger(valid) || valid < 60 || valid > 24 * 3600) {
    const problem = "is not a whole number of seconds from 60 to 86400";
    throw fail("HOST_OPTION_INVALID", { option: "valid", value: String(valid), problem });
  }
  for (const cidr of cidrs) {
    const problem = problemOfCidr(cidr);
    if (problem !== undefined) throw fail("HOST_OPTION_INVALID", { option: "cidrs", value: printable(cidr), problem });
  }
}
