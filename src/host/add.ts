/**
 * Adding hosts, with a registrar's rights and no more: the secret id is handed over wrapped, so that only the machine sees it, and so
 * that somebody who saw it first is noticed.
 */
import { fail, reasonOf } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import type { VaultApi, Wrapped } from "../vault/api.js";
import { isKeptOut, makeAppRole, roleIdOf, roleOfHost } from "./app-role.js";
import { endAppRole, keepOut } from "./end-identity.js";
import { appRoleOf, entryMetadataOf, hostOf, type Host } from "./host.js";
import { ofOlderPolicy, readUncertified } from "./uncertified.js";

export interface AddedHost extends Host {
  /** Its addresses; none: it may sign in from anywhere. */
  readonly cidrs: readonly string[];
  readonly roleId: string;
  /** Opens its secret id. */
  readonly wrapped: Wrapped;
}

/** A host that has an identity now. Nothing secret is in it. */
export interface NewHost {
  /** The full name, such as "web-1.example.org". */
  readonly name: string;
  /** The group of the fleet that has its name. */
  readonly group: string;
  /** The names that its certificate may hold: its own first. */
  readonly principals: readonly string[];
  /** Addresses that it may sign in from, as ranges; none: any. */
  readonly cidrs: readonly string[];
  /** When what was handed over can no longer be used, by Vault's clock. */
  readonly validUntil: Date;
}

export const withoutSecrets = ({ name, group, principals, cidrs, wrapped }: AddedHost): NewHost => ({
  name,
  group: group.name,
  principals,
  cidrs,
  validUntil: wrapped.until,
});

export interface AddOptions {
  /** Addresses that the host may sign in from and use its token at, such as "10.0.0.0/8". None: any. */
  readonly cidrs?: readonly string[];
  /** Seconds that the secret id can be unwrapped. A registrar's policy allows a day at most. */
  readonly valid: number;
  /** Hands the identity to somebody, such as a file. Where that fails, the identity is taken away again. */
  readonly handOver: (host: AddedHost) => Promise<void>;
}

/**
 * Gives a new host its identity; one that was kept out is let in again.
 * @param name the host's full name
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP, HOST_ENROLLED, HOST_UNCERTIFIED, HOST_LEFT_BEHIND; what Vault refuses, what `handOver` throws
 */
export async function addHost(api: VaultApi, { fleet }: StoredFleet, name: string, options: AddOptions): Promise<AddedHost> {
  const host = hostOf(fleet, name);
  const { domain } = host.group;
  const role = await roleOfHost(api, name, domain);
  if (role !== undefined && !isKeptOut(role)) throw fail("HOST_ENROLLED", { name });
  if ((await readUncertified(api, name).catch(ofOlderPolicy)) !== undefined) throw fail("HOST_UNCERTIFIED", { name });
  const given = { ...options, cidrs: options.cidrs ?? [] };
  // What an earlier host of that name wrote is not this one's: its first write says that nothing is there.
  await api.delete(entryMetadataOf(name));
  if (role === undefined) return give(api, host, given, () => endAppRole(api, name, domain));
  // It has another role id: nobody but an operator lets an entity in again that is disabled.
  return give(api, host, { ...given, before: () => api.delete(appRoleOf(name, domain)) }, () => keepOut(api, name, domain));
}

/**
 * Gives a host another identity. The old one is worth nothing from then on, whether or not the new one comes to be; addresses stay those
 * of the old one where none are given.
 * @throws HOST_UNKNOWN; HOST_KEPT_OUT: it was removed; and as `addHost`
 */
export async function reissueHost(api: VaultApi, { fleet }: StoredFleet, name: string, options: AddOptions): Promise<AddedHost> {
  const host = hostOf(fleet, name);
  const { domain } = host.group;
  const role = await roleOfHost(api, name, domain);
  if (role === undefined) throw fail("HOST_UNKNOWN", { name });
  if (isKeptOut(role)) throw fail("HOST_KEPT_OUT", { name });
  const cidrs = options.cidrs ?? role.cidrs;
  await endAppRole(api, name, domain);
  await api.delete(entryMetadataOf(name));
  return give(api, host, { ...options, cidrs }, () => endAppRole(api, name, domain));
}

interface Given extends AddOptions {
  readonly cidrs: readonly string[];
  /** Makes room for it. */
  readonly before?: () => Promise<void>;
}

/** @param undo what becomes of the identity where it is handed to nobody */
async function give(
  api: VaultApi,
  host: Host,
  { cidrs, valid, handOver, before }: Given,
  undo: () => Promise<unknown>,
): Promise<AddedHost> {
  const { name, group } = host;
  try {
    await before?.();
    const at = await makeAppRole(api, host, cidrs);
    const wrapped = await api.wrap(`${at}/secret-id`, {}, valid);
    const roleId = await roleIdOf(api, name, group.domain);
    if (roleId === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path: at, what: "it was made, and is not there" });
    const added = { ...host, cidrs, roleId, wrapped };
    await handOver(added);
    return added;
  } catch (error) {
    // By then somebody may have it already: all that it may do ends, not only the AppRole.
    await undo().catch(() => {
      throw fail("HOST_LEFT_BEHIND", { name, reason: reasonOf(error) }, error);
    });
    throw error;
  }
}
