/**
 * What the directory knows of the fleet: read from Vault again and again, kept in memory. When Vault does not answer, the last that was
 * known stays, and says how old it is.
 */
import { setTimeout as wait } from "node:timers/promises";
import { fail, isFailure, type SshTrustError } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { lookAtListed, whoIsThere, type ListedHost, type WhoIsThere } from "../../host/list-hosts.js";
import type { VaultApi } from "../../vault/api.js";
import { readStoredFleet } from "../../vault/stored-fleet.js";
import { paceOf } from "./pace.js";

/** Times of this process's clock, in milliseconds. */
export interface WatchedHost {
  readonly host: ListedHost;
  readonly readAt: number;
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

export interface OpenedHost extends WatchedHost {
  readonly stored: StoredFleet;
}

export interface Watch {
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
const width = 8;
/** Who opens a host waits no longer than this for Vault where something is known already. */
const patience = 1500;
/** What has not answered by then does not answer. */
const silence = 3000;
const retry = { first: 500, most: 5000 };

/** Begins to watch. It ends with the signal. @param api with the token of the moment */
export function watchFleet(api: () => VaultApi, events: WatchEvents, signal: AbortSignal): Watch {
  let stored: StoredFleet | undefined;
  let there: (WhoIsThere & { readonly known: ReadonlySet<string> }) | undefined;
  let listedAt = 0;
  let offset = 0;
  let complete = false;
  let trouble: Trouble | undefined;
  const hosts = new Map<string, WatchedHost>();
  /** Names in a list of Vault's of which nothing is left but history. */
  const gone = new Set<string>();
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

  const list = (): Promise<void> =>
    (listing ??= asked(async () => {
      const at = Date.now();
      const [found, clock] = await Promise.all([readStoredFleet(api()), api().now()]);
      const names = await whoIsThere(api(), found);
      offset = clock.getTime() - Date.now();
      if (Math.abs(offset) < 2000) offset = 0; // Vault tells it to a second
      const known = new Set(names.names);
      [stored, there, listedAt] = [found, { ...names, known }, at];
      for (const name of hosts.keys()) if (!known.has(name)) hosts.delete(name);
    }).finally(() => {
      listing = undefined;
    }));

  const look = (name: string): Promise<void> => {
    const before = opening.get(name);
    if (before !== undefined) return before;
    const [fleet, names] = [stored, there];
    if (fleet === undefined || names === undefined) return Promise.resolve();
    const looking = asked(async () => {
      const at = Date.now();
      const host = await lookAtListed(api(), fleet, name, names, now(), hosts.get(name)?.host);
      if (host === undefined) {
        hosts.delete(name);
        gone.add(name);
      } else {
        gone.delete(name);
        hosts.set(name, { host, readAt: at });
      }
    }).finally(() => opening.delete(name));
    opening.set(name, looking);
    return looking;
  };
  /** Reads hosts at the pace, until all in the list were read. */
  async function sweep(): Promise<void> {
    const names = [...(there?.names ?? [])];
    if (stored === undefined) return;
    const ageOf = (name: string) => hosts.get(name)?.readAt ?? (gone.has(name) ? 1 : 0);
    names.sort((a, b) => ageOf(a) - ageOf(b));
    const hurry = !complete || Date.now() - ageOf(names[0] ?? "") > 60_000;
    const { rate, period } = paceOf(names.length, stored.fleet, hurry);
    if (period > 55 && complete) events.slow?.(names.length, period);
    let [allowance, last, running] = [0, Date.now(), 0];
    let failed: unknown;
    const begun: Promise<void>[] = [];
    for (let at = 0; at < names.length && failed === undefined;) {
      allowance = Math.min(allowance + ((Date.now() - last) * rate) / 1000, Math.max(1, rate));
      last = Date.now();
      for (; allowance >= 1 && running < width && at < names.length; at += 1, allowance -= 1) {
        const name = names[at] ?? "";
        running += 1;
        begun.push(
          look(name)
            .catch((error: unknown) => {
              if (!isFailure(error)) throw error;
              failed = error;
            })
            .finally(() => {
              running -= 1;
            }),
        );
      }
      await wait(hurry && running < width ? 1 : tick, undefined, { signal });
      if (Date.now() - listedAt > 3 * fresh) await list();
    }
    await Promise.all(begun);
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

  return {
    overview: () => {
      const fleet = requireFleet();
      let readAt = listedAt;
      for (const each of hosts.values()) readAt = Math.min(readAt, each.readAt);
      return { stored: fleet, hosts, readAt, complete };
    },
    async open(name) {
      requireFleet();
      const known = () => hosts.get(name);
      const isFresh = () => Date.now() - (known()?.readAt ?? 0) < fresh && Date.now() - listedAt < 2 * fresh;
      if (!isFresh()) {
        const renew = (async () => {
          if (Date.now() - listedAt > fresh) await list();
          if (there?.known.has(name) === true) await look(name);
        })().catch((error: unknown) => {
          if (!isFailure(error)) throw error;
        });
        await (known() === undefined ? renew : Promise.race([renew, wait(patience, undefined, { signal, ref: false })]));
      }
      const found = known();
      return found === undefined ? undefined : { ...found, stored: requireFleet() };
    },
    trouble: () =>
      trouble ?? (isSilent() ? { since: Date.now() - silence, error: fail("DIRECTORY_VAULT_SILENT", undefined) } : undefined),
    stored: () => stored,
    now,
    fresh,
  };
}
