/** Removing a host for good: what it may do ends first, then what is left of it goes. */
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import { inParallel } from "../ground/in-parallel.js";
import type { VaultApi } from "../vault/api.js";
import { isKeptOut, roleOfHost, type AppRole } from "./app-role.js";
import { endAppRole, keepOut } from "./end-identity.js";
import { domainOfHost, entryMetadataOf, groupOfHost } from "./host.js";
import { findHost, type ListedHost } from "./list-hosts.js";
import { lastEnd, ownCertificates } from "./state.js";

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
    const isKept = forGood && groupOfHost(stored.fleet, name)?.jwt !== undefined;
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
  return { name, shownUntil, atMost: host.group?.for, tokensOf, keptOut, known: known || host.said !== undefined };
}

const nobody: AppRole = { policies: [], cidrs: [] };
