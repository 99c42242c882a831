/** Removing a host for good: what it may do ends first, then what is left of it goes. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import { inParallel } from "../ground/in-parallel.js";
import type { VaultApi } from "../vault/api.js";
import { isKeptOut, roleOfHost, type AppRole } from "./app-role.js";
import { endAppRole, keepOut } from "./end-identity.js";
import { domainOfHost, entryMetadataOf, entryOf, groupOfHost } from "./host.js";
import { findHost, type ListedHost } from "./list-hosts.js";
import { lastEnd, ownCertificates, registeredOf } from "./state.js";
import { ofOlderPolicy, readUncertified, uncertifiedMetadataOf } from "./uncertified.js";

export interface RemovedHost {
  readonly name: string;
  /** When the last certificate ends that the host showed; undefined: it showed none that is valid. A host may show less than it has. */
  readonly shownUntil: Date | undefined;
  /** Seconds that a certificate lives which was signed just before; undefined: no group has the host's name any more. */
  readonly atMost: number | undefined;
  /** Of a machine that enrols itself: the mount whose tokens it does so by. */
  readonly tokensOf: string | undefined;
  /** Whether no token gets it another identity. */
  readonly keptOut: boolean;
  /** Whether it was one that cannot be enrolled, whose keys an operator had given: those are gone. */
  readonly registered: boolean;
  /** Whether Vault knew it: a name that was never a host's is kept out, too. */
  readonly known: boolean;
}

export interface RemoveOptions {
  /** Whether a machine that enrols itself is kept from doing so again. Left out: it is. */
  readonly forGood?: boolean;
}

export interface HostToRemove {
  readonly name: string;
  /** Undefined for a name that was never a host's, and would be kept out. */
  readonly host: ListedHost | undefined;
}

/** What is read at a time. */
const width = 8;

/** Looks, and changes nothing. @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP, HOST_UNKNOWN as `takeHostAway`; what Vault refuses */
export const hostsToRemove = (
  api: VaultApi,
  stored: StoredFleet,
  names: readonly string[],
  { forGood = true }: RemoveOptions = {},
): Promise<readonly HostToRemove[]> =>
  inParallel(names, width, async (name) => {
    const role = await roleOfHost(api, name, domainOfHost(stored.fleet, name));
    const host = await findHost(api, stored, name, role);
    const isRegistered = host !== undefined && registeredOf(host) !== undefined;
    const isKept = forGood && !isRegistered && groupOfHost(stored.fleet, name)?.jwt !== undefined;
    if (host === undefined && !isKept) throw fail("HOST_UNKNOWN", { name });
    return { name, host };
  });

/**
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP; HOST_UNKNOWN: it has neither an identity nor an entry, and could not enrol itself;
 *   HOST_TOKEN_STILL_GOOD; what Vault refuses
 */
export async function takeHostAway(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  { forGood = true }: RemoveOptions = {},
): Promise<RemovedHost> {
  const domain = domainOfHost(stored.fleet, name);
  const tokensOf = groupOfHost(stored.fleet, name)?.jwt?.mount;
  const role = await roleOfHost(api, name, domain);
  // One that was never enrolled has had nothing signed.
  if (role === undefined && (await api.read(entryOf(name), z.unknown())) === undefined && (await forgetKeys(api, name)))
    return {
      ...{ name, shownUntil: undefined, atMost: undefined, tokensOf: undefined },
      ...{ keptOut: false, registered: true, known: true },
    };
  // Who is kept out stays so, whatever the file says by now.
  const keptOut = forGood && (tokensOf !== undefined || (role !== undefined && isKeptOut(role)));
  // Before anything that could fail.
  const known = await (keptOut ? keepOut : endAppRole)(api, name, domain);
  const host = await findHost(api, stored, name, keptOut ? (role ?? nobody) : role);
  if (host === undefined) throw fail("HOST_UNKNOWN", { name });
  const entry = host.said?.entry;
  const shown = entry !== undefined && "read" in entry ? ownCertificates(entry.read, name, stored.cas.host) : [];
  const shownUntil = lastEnd(shown, await api.now());
  await api.delete(entryMetadataOf(name));
  await forgetKeys(api, name);
  const has = { tokensOf, keptOut, registered: false, known: known || host.said !== undefined };
  return { name, shownUntil, atMost: host.group?.for, ...has };
}

/** The keys that an operator gave, also where they do not count, as the host was enrolled meanwhile. @returns whether there were any */
async function forgetKeys(api: VaultApi, name: string): Promise<boolean> {
  if ((await readUncertified(api, name).catch(ofOlderPolicy)) === undefined) return false;
  await api.delete(uncertifiedMetadataOf(name));
  return true;
}

const nobody: AppRole = { policies: [], cidrs: [] };
