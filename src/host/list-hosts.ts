/** All hosts: those with an AppRole in one of the domains, and those that have said something. */
import * as z from "zod";
import type { HostGroup } from "../fleet/fleet.js";
import { defaults } from "../fleet/defaults.js";
import { secondsOf } from "../fleet/durations.js";
import { problemOfHostName } from "../fleet/names.js";
import { domainOf } from "../fleet/patterns.js";
import type { StoredFleet } from "../fleet/stored.js";
import { hostsMountOf, store } from "../fleet/vault-names.js";
import { inParallel } from "../ground/in-parallel.js";
import type { VaultApi } from "../vault/api.js";
import { isKeptOut, roleOfHost, type AppRole } from "./app-role.js";
import { domainOfHost, entryOf, groupOfHost } from "./host.js";
import { keepText, type Said } from "./kept-text.js";
import { stateOf, type HostState, type Known } from "./state.js";
import { listUncertified, ofOlderPolicy, readUncertified, type RegisteredEntry } from "./uncertified.js";

export interface ListedHost extends Known {
  /** Undefined: no group of the fleet has its name any more. */
  readonly group: HostGroup | undefined;
  readonly state: HostState;
}

const entry = z.object({
  data: z.object({
    data: z.unknown(),
    metadata: z.object({ created_time: z.string().pipe(z.coerce.date()), version: z.number().int() }),
  }),
});

/** What is read at a time. */
const width = 8;

/** Which hosts there are, before anything is known of each. */
export interface WhoIsThere {
  /** All names, in order. */
  readonly names: readonly string[];
  /** Those with an AppRole. */
  readonly enrolled: ReadonlySet<string>;
  /** Those that may have an entry. */
  readonly said: ReadonlySet<string>;
  /** Those whose keys an operator gave. */
  readonly registered: ReadonlySet<string>;
}

export async function whoIsThere(api: VaultApi, stored: StoredFleet): Promise<WhoIsThere> {
  const [enrolled, entries, uncertified] = await Promise.all([
    enrolledHosts(api, stored),
    api.list(`${store}/metadata/hosts`),
    listUncertified(api).catch(ofOlderPolicy),
  ]);
  const [said, registered] = [new Set(entries), new Set(uncertified ?? [])];
  return { names: [...new Set([...enrolled, ...said, ...registered])].sort(), enrolled, said, registered };
}

/**
 * One of them.
 * @param now by the server's clock
 * @param before as it was when it was last looked at: what has not changed since is not parsed again
 * @returns undefined where all that is left of it is its history
 */
export async function lookAtListed(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  there: Omit<WhoIsThere, "names">,
  now: Date,
  before?: ListedHost,
): Promise<ListedHost | undefined> {
  // A thousand hosts that are not enrolled yet would be a thousand questions more: where none enrol themselves, none is kept out.
  const role = () =>
    groupOfHost(stored.fleet, name)?.jwt === undefined ? Promise.resolve(undefined) : roleOfEnrolled(api, stored, name);
  const { enrolled, said, registered } = there;
  // Whoever was told its name in a list may read it: a refusal means that the token has ended, and not that there is none.
  const uncertified = registered.has(name) ? () => readUncertified(api, name) : undefined;
  const asked = { name, identity: enrolled.has(name), said: said.has(name), uncertified, role, before };
  const host = await lookAt(api, stored, asked, now);
  // An entry whose text is deleted still has its history.
  const isThere = host.identity || host.said !== undefined || host.registered !== undefined;
  return isThere || problemOfHostName(name) !== undefined ? host : undefined;
}

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
  const [now, there] = await Promise.all([api.now(), whoIsThere(api, stored)]);
  const names = there.names.filter((name) => only === undefined || groupOfHost(stored.fleet, name)?.name === only);
  let count = 0;
  const listed = await inParallel(names, width, async (name) => {
    const host = await lookAtListed(api, stored, name, there, now);
    done((count += 1), names.length);
    return host;
  });
  return listed.filter((host) => host !== undefined);
}

/** One host, by its name. @param role its AppRole, as far as it has one @returns undefined where there is none */
export const findHost = async (
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  role: AppRole | undefined,
): Promise<ListedHost | undefined> => find(api, stored, { name, role: Promise.resolve(role), now: await api.now() });

/**
 * One host as it is now, whatever was listed before: its AppRole is looked for, too.
 * @param name a valid one
 * @param before as with `lookAtListed`
 */
export async function findHostNow(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  now: Date,
  before?: ListedHost,
): Promise<ListedHost | undefined> {
  const domain = domainOf(name, stored.fleet.domains);
  const isDomainOfHosts = stored.fleet.hosts.some((group) => group.domain === domain);
  const role = domain === undefined || !isDomainOfHosts ? undefined : roleOfHost(api, name, domain);
  return find(api, stored, { name, role: Promise.resolve(role), now, before });
}

async function find(
  api: VaultApi,
  stored: StoredFleet,
  { role, now, ...asked }: Pick<Asked, "name" | "before"> & { readonly role: Promise<AppRole | undefined>; readonly now: Date },
): Promise<ListedHost | undefined> {
  const identity = role.then((found) => found !== undefined);
  const uncertified = () => readUncertified(api, asked.name).catch(ofOlderPolicy);
  const known = { ...asked, identity, said: true, uncertified, role: () => role };
  const found = await lookAt(api, stored, known, now);
  return found.identity || found.said !== undefined || found.registered !== undefined ? found : undefined;
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
  /** Where it has to be asked for, that is done while its entry is read. */
  readonly identity: boolean | Promise<boolean>;
  /** Whether it may have an entry. */
  readonly said: boolean;
  /** The keys that an operator gave; undefined: none. */
  readonly uncertified: (() => Promise<RegisteredEntry | undefined>) | undefined;
  readonly before?: ListedHost | undefined;
  readonly role: () => Promise<AppRole | undefined>;
}

async function lookAt(
  api: VaultApi,
  { fleet, cas }: StoredFleet,
  { name, identity: hasIdentity, said: asked, uncertified, role: readRole, before }: Asked,
  now: Date,
): Promise<ListedHost> {
  // Whoever made it may have called it anything; it goes into a path.
  const problem = problemOfHostName(name);
  if (problem !== undefined) return unreadHost(fleet, name, await hasIdentity, `its name ${problem}`);
  const group = groupOfHost(fleet, name);
  const [found, identity] = await Promise.all([asked ? api.read(entryOf(name), entry) : undefined, hasIdentity]);
  const said = found === undefined ? undefined : saidIn(found, before?.said);
  // Who is kept out says nothing.
  const role = identity && said === undefined ? await readRole() : undefined;
  const registered = identity || said !== undefined ? undefined : await uncertified?.();
  const known = { name, identity, keptOut: role !== undefined && isKeptOut(role), said, registered, forget: forgetOf(group) };
  return new LookedAt(known, group, cas.host, now);
}

/** A host of which nothing can be read. @param unread why, safe for a terminal */
export function unreadHost(fleet: StoredFleet["fleet"], name: string, identity: boolean, unread: string): ListedHost {
  const group = problemOfHostName(name) === undefined ? groupOfHost(fleet, name) : undefined;
  const nothing = { keptOut: false, said: undefined, unread, forget: forgetOf(group) };
  return { name, group, identity, ...nothing, state: { kind: "unreadable", problem: unread } };
}

const forgetOf = (group: HostGroup | undefined): number => group?.forget ?? secondsOf(defaults.hostForget) ?? 0;

/** To tell its state, certificates are read and signatures verified: whoever only looks whether something is new does not ask for it. */
class LookedAt implements ListedHost {
  readonly name: string;
  readonly identity: boolean;
  readonly keptOut: boolean;
  readonly said: Known["said"];
  readonly registered: Known["registered"];
  readonly forget: number;
  #state: HostState | undefined;

  constructor(
    known: Known,
    readonly group: HostGroup | undefined,
    private readonly cas: StoredFleet["cas"]["host"],
    private readonly now: Date,
  ) {
    this.name = known.name;
    this.identity = known.identity;
    this.keptOut = known.keptOut;
    this.said = known.said;
    this.registered = known.registered;
    this.forget = known.forget;
  }

  get state(): HostState {
    return (this.#state ??= stateOf(this, this.cas, this.now));
  }
}

function saidIn({ data: { data, metadata } }: z.output<typeof entry>, before: Said | undefined): Said {
  const { created_time: at, version } = metadata;
  if (before?.version === version && before.at.getTime() === at.getTime()) return before;
  return keepText(data, at, version);
}
