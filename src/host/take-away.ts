/** Removing a host for good: what it may do ends first, then what is left of it goes. */
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import type { VaultApi } from "../vault/api.js";
import { endIdentity, type EndedIdentity } from "./end-identity.js";
import { domainOfHost, entryMetadataOf } from "./host.js";
import { findHost } from "./list-hosts.js";
import { lastEnd, ownCertificates } from "./state.js";

export interface RemovedHost {
  readonly name: string;
  /** When the last certificate ends that the host showed; undefined: it showed none that is valid. A host may show less than it has. */
  readonly shownUntil: Date | undefined;
  /** Seconds that a certificate lives which was signed just before; undefined: no group has the host's name any more. */
  readonly atMost: number | undefined;
  /** Of a machine that may enrol itself: whether Vault refuses its tokens now. */
  readonly tokens: EndedIdentity["tokens"];
}

/** @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP; HOST_UNKNOWN: it has neither an identity nor an entry; what Vault refuses */
export async function takeHostAway(api: VaultApi, stored: StoredFleet, name: string): Promise<RemovedHost> {
  const domain = domainOfHost(stored.fleet, name);
  const { known, tokens } = await endIdentity(api, stored.fleet, name, domain); // before anything that could fail
  const host = await findHost(api, stored, name, known);
  if (host === undefined) throw fail("HOST_UNKNOWN", { name });
  const entry = host.said?.entry;
  const shown = entry !== undefined && "read" in entry ? ownCertificates(entry.read, name, stored.cas.host) : [];
  const shownUntil = lastEnd(shown, await api.now());
  await api.delete(entryMetadataOf(name));
  return { name, shownUntil, atMost: host.group?.for, tokens };
}
