/**
 * What the directory knows of the fleet: read from Vault again and again, kept in memory. When Vault does not answer, the last that was
 * known stays, and says how old it is.
 */
import { setTimeout as wait } from "node:timers/promises";
import { fail, isFailure, type SshTrustError } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { findHostNow, lookAtListed, whoIsThere, type ListedHost, type WhoIsThere } from "../../host/list-hosts.js";
import type { VaultApi } from "../../vault/api.js";
import { readStoredFleet } from "../../vault/stored-fleet.js";
import { paceOf } from "./pace.js";

/** Times of this process's clock, in milliseconds. */
export interface WatchedHost {
  readonly host: ListedHost;
  readonly readAt: number;
  /** When it was last looked for by its name, and not in a list that may be older; 0: never. */
  readonly foundAt: number;
}

export interface Watched {
  readonly stored: StoredFleet;
  readonly hosts: ReadonlyMap<string, WatchedHost>;
  /** The oldest part of it. */
  readonly readAt: number;
  /** Whether each host has been read. */
  readonly complete: boolean;
}

/** Why Vault does not answer, and since when. */
export interface Trouble {
  readonly since: number;
  readonly error: SshTrustError;
}

export interface OpenedHost extends Pick<WatchedHost, "host" | "readAt"> {
  readonly stored: StoredFleet;
}

export interface Watch {
  /** The fleet as it was applied. @throws as `overview` */
  fleet(): StoredFleet;
  /** All that is known. @throws DIRECTORY_STARTING, DIRECTORY_VAULT_SILENT until the fleet has been read once */
  overview(): Watched;
  /** One host, at most 5 s old where Vault answers; undefined: there is none. @throws as `overview` */
  open(name: string): Promise<OpenedHost | undefined>;
  /** Undefined where Vault answers. */
  trouble(): Trouble | undefined;
  /** The fleet as it was applied; undefined until it has been read. */
  stored(): StoredFleet | undefined;
  /** Vault's clock, as far as it is known. */
  now(): Date;
  /** How old a host that is opened is at most where Vault answers, in milliseconds. */
  readonly fresh: number;
}

export interface WatchEvents {
  /** A read of Vault, or several at once. */
  readonly read?: (result: "ok" | "failed") => void;
  readonly away?: (trouble: Trouble) => void;
  readonly back?: (since: number) => void;
  readonly complete?: (hosts: number, milliseconds: number) => void;
  /** The fleet is too large for its limit: nothing can be as new as it should. */
  readonly slow?: (hosts: number, seconds: number) => void;
}

const fresh = 5000;
const tick = 50;
/** Hosts that are read at a time: as fast as allowed, and at the usual pace, which a slow answer must not slow down. */
const width = { hurry: 8, usual: 64 };
/** Who opens a host waits no longer than this for Vault where something is known already. */
const patience = 1500;
/** What has not answered by then does not answer. */
const silence = 3000;
const retry = { first: 500, most: 5000 };
/** A host that was read so long ago is read as fast as is allowed, in milliseconds. */
const late = 60_000;
/** Seconds in which all hosts have to be read so that none is older than a minute. */
const slow = 55;

/** Begins to watch. It ends with the signal. @param api with the token of the moment */
export function watchFleet(api: () => VaultApi, events: WatchEvents, signal: AbortSignal): Watch {
  let stored: StoredFleet | undefined;
  let there: (WhoIsThere & { readonly known: ReadonlySet<string> }) | undefined;
  let fleetAt = 0;
  let readingFleet: Promise<StoredFleet> | undefined;
  let listedAt = 0;
  let offset = 0;
  let complete = false;
  let trouble: Trouble | undefined;
  const hosts = new Map<string, WatchedHost>();
  /** Names in a list of Vault's of which nothing is left but history. */
  const gone = new Set<string>();
  const looking = new Map<string, Promise<void>>();
  const opening = new Map<string, Promise<void>>();
  const outstanding = new Set<{ readonly since: number }>();
  let listing: Promise<void> | undefined;
  const started = Date.now();

  const now = () => new Date(Date.now() + offset);

  /** Counts a question to Vault, and notes whether it answers. */
  async function asked<T>(question: () => Promise<T>): Promise<T> {
    const mine = { since: Date.now() };
    outstanding.add(mine);
    try {
      const answer = await question();
      events.read?.("ok");
      if (trouble !== undefined) events.back?.(trouble.since);
      trouble = undefined;
      return answer;
    } catch (error) {
      events.read?.("failed");
      if (!isFailure(error)) throw error;
      if (trouble === undefined) events.away?.((trouble = { since: mine.since, error }));
      else trouble = { since: trouble.since, error };
      throw error;
    } finally {
      outstanding.delete(mine);
    }
  }

  const readFleet = (): Promise<StoredFleet> =>
    (readingFleet ??= (async () => {
      const at = Date.now();
      const found = await readStoredFleet(api());
      [stored, fleetAt] = [found, at];
      return found;
    })().finally(() => {
      readingFleet = undefined;
    }));

  const list = (): Promise<void> =>
    (listing ??= asked(async () => {
      const at = Date.now();
      const [found, clock] = await Promise.all([readFleet(), api().now()]);
      const names = await whoIsThere(api(), found);
      offset = clock.getTime() - Date.now();
      if (Math.abs(offset) < 2000) offset = 0; // Vault tells it to a second
      const known = new Set(names.names);
      [there, listedAt] = [{ ...names, known }, at];
      for (const name of hosts.keys()) if (!known.has(name)) hosts.delete(name);
    }).finally(() => {
      listing = undefined;
    }));

  /** What was asked for later is the newer one, whichever is answered first. */
  function note(name: string, host: ListedHost | undefined, at: number, foundAt: number): void {
    if (at < (hosts.get(name)?.readAt ?? 0)) return;
    if (host === undefined) {
      hosts.delete(name);
      gone.add(name);
    } else {
      gone.delete(name);
      hosts.set(name, { host, readAt: at, foundAt });
    }
  }
  /** Does what is not being done for this host already. */
  const once = (doing: Map<string, Promise<void>>, name: string, work: () => Promise<void>): Promise<void> => {
    const mine = doing.get(name) ?? asked(work).finally(() => doing.delete(name));
    doing.set(name, mine);
    return mine;
  };
  const look = (name: string): Promise<void> =>
    once(looking, name, async () => {
      const [fleet, names, at] = [stored, there, Date.now()];
      if (fleet === undefined || names === undefined) return;
      const known = hosts.get(name);
      note(name, await lookAtListed(api(), fleet, name, names, now(), known?.host), at, known?.foundAt ?? 0);
    });
  /** In a list of ten thousand, one host is not looked for whenever somebody opens it. */
  const find = (name: string): Promise<void> =>
    once(opening, name, async () => {
      const at = Date.now();
      const fleet = Date.now() - fleetAt > fresh ? await readFleet() : stored;
      if (fleet !== undefined) note(name, await findHostNow(api(), fleet, name, now(), hosts.get(name)?.host), at, at);
    });
  /** Reads hosts at the pace, those first that were read longest ago, until all in the list were read. */
  async function sweep(): Promise<void> {
    const ageOf = (name: string) => hosts.get(name)?.readAt ?? (gone.has(name) ? 1 : 0);
    const due = (there?.names ?? []).map((name) => [name, ageOf(name)] as const).sort(([, a], [, b]) => a - b);
    if (stored === undefined) return;
    const hurry = !complete || Date.now() - (due[0]?.[1] ?? 0) > late;
    const { rate, period } = paceOf(due.length, stored.fleet, hurry);
    const most = hurry ? width.hurry : width.usual;
    if (period > slow && complete) events.slow?.(due.length, period);
    let [allowance, last] = [0, Date.now()];
    let failed: unknown;
    const running = new Set<Promise<void>>();
    const begin = (name: string) => {
      const looking: Promise<void> = look(name)
        .catch((error: unknown) => {
          if (!isFailure(error)) throw error;
          failed = error;
        })
        .finally(() => running.delete(looking));
      running.add(looking);
    };
    for (let at = 0; at < due.length && failed === undefined;) {
      allowance = Math.min(allowance + ((Date.now() - last) * rate) / 1000, Math.max(1, rate / 4));
      last = Date.now();
      for (; allowance >= 1 && running.size < most && at < due.length; at += 1, allowance -= 1) begin(due[at]?.[0] ?? "");
      // The next one begins as soon as one of them has ended, or as soon as it may.
      if (running.size >= most) await Promise.race(running);
      else await wait(Math.min(tick, Math.max(1, ((1 - allowance) * 1000) / rate)), undefined, { signal });
      if (Date.now() - listedAt > 3 * fresh) await list();
    }
    await Promise.all(running);
    if (failed !== undefined) throw failed as Error;
    if (!complete) events.complete?.(hosts.size, Date.now() - started);
    complete = true;
  }

  async function run(): Promise<void> {
    let pause = retry.first;
    const isOver = () => signal.aborted;
    while (!isOver()) {
      try {
        if (Date.now() - listedAt > fresh) await list();
        await sweep();
        pause = retry.first;
        await wait(tick, undefined, { signal });
      } catch (error) {
        if (isOver()) return;
        if (!isFailure(error)) throw error;
        await wait(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
        pause = Math.min(pause * 2, retry.most);
      }
    }
  }
  void run();

  const isSilent = () => [...outstanding].some(({ since }) => Date.now() - since > silence);

  function requireFleet(): StoredFleet {
    if (stored !== undefined) return stored;
    throw fail(trouble === undefined && !isSilent() ? "DIRECTORY_STARTING" : "DIRECTORY_VAULT_SILENT", undefined);
  }

  let oldest = { at: 0, readAt: 0 };
  /** It is looked for twice a second; what was found before is older than what is, and never newer. */
  function oldestRead(): number {
    if (Date.now() - oldest.at > 500) {
      let readAt = listedAt;
      for (const each of hosts.values()) readAt = Math.min(readAt, each.readAt);
      oldest = { at: Date.now(), readAt };
    }
    return oldest.readAt;
  }

  return {
    fleet: requireFleet,
    overview: () => ({ stored: requireFleet(), hosts, readAt: oldestRead(), complete }),
    async open(name) {
      requireFleet();
      const known = () => hosts.get(name);
      // Whether it has an identity is as old as the list, where it was not looked for by its name.
      const knownAt = ({ readAt, foundAt }: WatchedHost) => Math.max(foundAt, Math.min(readAt, listedAt));
      const isFresh = (host: WatchedHost | undefined) => host !== undefined && Date.now() - knownAt(host) < fresh;
      if (!isFresh(known())) {
        const renew = (async () => {
          const isListed = () => there?.known.has(name) === true;
          if (!isListed() && Date.now() - listedAt > fresh) await list();
          if (isListed()) await find(name);
        })().catch((error: unknown) => {
          if (!isFailure(error)) throw error;
        });
        await (known() === undefined ? renew : Promise.race([renew, wait(patience, undefined, { signal, ref: false })]));
      }
      const found = known();
      return found === undefined ? undefined : { host: found.host, readAt: knownAt(found), stored: requireFleet() };
    },
    trouble: () =>
      trouble ?? (isSilent() ? { since: Date.now() - silence, error: fail("DIRECTORY_VAULT_SILENT", undefined) } : undefined),
    stored: () => stored,
    now,
    fresh,
  };
}
