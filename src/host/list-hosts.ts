/** All hosts: those with an AppRole in one of the domains, and those that have said something. */
import * as z from "zod";
import type { HostGroup } from "../fleet/fleet.js";
import { defaults } from "../fleet/defaults.js";
import { secondsOf } from "../fleet/durations.js";
import { problemOfHostName } from "../fleet/names.js";
import type { StoredFleet } from "../fleet/stored.js";
import { hostsMountOf, store } from "../fleet/vault-names.js";
import { inParallel } from "../ground/in-parallel.js";
import type { VaultApi } from "../vault/api.js";
import { isKeptOut, roleOfHost, type AppRole } from "./app-role.js";
import { domainOfHost, entryOf, groupOfHost } from "./host.js";
import { readEntry } from "./inventory.js";
import { stateOf, type HostState, type Known } from "./state.js";

export interface ListedHost extends Known {
  /** Undefined: no group of the fleet has its name any more. */
  readonly group: HostGroup | undefined;
  readonly state: HostState;
}

const entry = z.object({
  data: z.object({ data: z.unknown(), metadata: z.object({ created_time: z.string().pipe(z.coerce.date()) }) }),
});

/** What is read at a time. */
const width = 8;

/**
 * @param only the group whose hosts are looked at; undefined: all of them
 * @param done is told how many have been read, and of how many
 */
export async function listHosts(
  api: VaultApi,
  stored: StoredFleet,
  only?: string,
  done: (count: number, all: number) => void = () => undefined,
): Promise<readonly ListedHost[]> {
  const [now, enrolled, entries] = await Promise.all([
    api.now(),
    enrolledHosts(api, stored),
    api.list(`${store}/metadata/hosts`),
  ]);
  const said = new Set(entries);
  const names = [...new Set([...enrolled, ...said])]
    .filter((name) => only === undefined || groupOfHost(stored.fleet, name)?.name === only)
    .sort();
  let count = 0;
  const listed = await inParallel(names, width, async (name) => {
    // A thousand hosts that are not enrolled yet would be a thousand questions more: where none enrol themselves, none is kept out.
    const role = () =>
      groupOfHost(stored.fleet, name)?.jwt === undefined ? Promise.resolve(undefined) : roleOfEnrolled(api, stored, name);
    const host = await lookAt(api, stored, { name, identity: enrolled.has(name), said: said.has(name), role }, now);
    done((count += 1), names.length);
    return host;
  });
  // An entry whose text is deleted still has its history.
  return listed.filter(({ identity, state }) => identity || state.kind !== "not-enrolled");
}

/** One host, by its name. @param role its AppRole, as far as it has one @returns undefined where there is none */
export async function findHost(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  role: AppRole | undefined,
): Promise<ListedHost | undefined> {
  const identity = role !== undefined;
  const found = await lookAt(api, stored, { name, identity, said: true, role: () => Promise.resolve(role) }, await api.now());
  return identity || found.said !== undefined ? found : undefined;
}

/** Whole names. A domain without a group has no hosts, and a registrar may not list it. */
async function enrolledHosts(api: VaultApi, { fleet }: StoredFleet): Promise<ReadonlySet<string>> {
  const domains = fleet.domains.filter((domain) => fleet.hosts.some((group) => group.domain === domain));
  const found = await inParallel(domains, width, async (domain) =>
    (await api.list(`auth/${hostsMountOf(domain)}/role`)).map((role) => `${role}.${domain}`),
  );
  return new Set(found.flat());
}

/** The AppRoles of some hosts, of those that have one. */
export async function rolesOf(
  api: VaultApi,
  stored: StoredFleet,
  names: readonly string[],
): Promise<ReadonlyMap<string, AppRole>> {
  const enrolled = await enrolledHosts(api, stored);
  const there = names.filter((name) => enrolled.has(name));
  const roles = await inParallel(there, width, (name) => roleOfEnrolled(api, stored, name));
  return new Map(there.flatMap((name, index) => (roles[index] === undefined ? [] : [[name, roles[index]] as const])));
}

const roleOfEnrolled = (api: VaultApi, { fleet }: StoredFleet, name: string) => roleOfHost(api, name, domainOfHost(fleet, name));

interface Asked {
  readonly name: string;
  readonly identity: boolean;
  /** Whether it may have an entry. */
  readonly said: boolean;
  readonly role: () => Promise<AppRole | undefined>;
}

async function lookAt(
  api: VaultApi,
  { fleet, cas }: StoredFleet,
  { name, identity, said: asked, role: readRole }: Asked,
  now: Date,
): Promise<ListedHost> {
  const group = groupOfHost(fleet, name);
  const forget = group?.forget ?? secondsOf(defaults.hostForget) ?? 0;
  // Whoever made it may have called it anything; it goes into a path.
  const problem = problemOfHostName(name);
  if (problem !== undefined)
    return {
      name,
      group: undefined,
      identity,
      keptOut: false,
      said: undefined,
      forget,
      state: { kind: "unreadable", problem: `its name ${problem}` },
    };
  const found = asked ? await api.read(entryOf(name), entry) : undefined;
  const said = found === undefined ? undefined : { entry: readEntry(found.data.data), at: found.data.metadata.created_time };
  // Who is kept out says nothing.
  const role = identity && said === undefined ? await readRole() : undefined;
  const known = { name, identity, keptOut: role !== undefined && isKeptOut(role), said, forget };
  return { ...known, group, state: stateOf(known, cas.host, now) };
}
