/**
 * What the directory knows of the fleet: read from Vault again and again, kept in memory. When Vault does not answer, the last that was
 * known stays, and says how old it is.
 */
import { setTimeout as wait } from "node:timers/promises";
import { fail, isFailure, type ErrorCode, type SshTrustError } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { printable } from "../../ground/printable.js";
import { findHostNow, lookAtListed, unreadHost, whoIsThere, type ListedHost, type WhoIsThere } from "../../host/list-hosts.js";
import type { VaultApi } from "../../vault/api.js";
import { readStoredFleet } from "../../vault/stored-fleet.js";
import { paceOf } from "./pace.js";

/** Times of this process's clock, in milliseconds. */
export interface WatchedHost {
  readonly host: ListedHost;
  /** When it was last tried to read what it said, and when that was read. */
  readonly triedAt: number;
  readonly saidAt: number;
  /** As of when it is known: what it said, and whether it has an identity, which may be from a list. */
  readonly readAt: number;
}

/** Of ten thousand, the time alone is written anew. */
type Kept = WatchedHost & { readAt: number };

export interface Watched {
  readonly stored: StoredFleet;
  readonly hosts: ReadonlyMap<string, WatchedHost>;
  /** The oldest part of it. */
  readonly readAt: number;
  /** Whether each host has been read. */
  readonly complete: boolean;
}

/** Why what is known grows old, and since when. */
export interface Trouble {
  /** "unlisted": Vault answers, and the directory cannot read from it which hosts there are, as where its policy is an old one. */
  readonly kind: "away" | "unlisted";
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
  /** One host, at most 5 s old if Vault answers; undefined: there is none. @throws as `overview` */
  open(name: string): Promise<OpenedHost | undefined>;
  /** Undefined where Vault answers, and says which hosts there are. */
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
  /** Also where it is of another kind than before. */
  readonly away?: (trouble: Trouble) => void;
  readonly back?: (since: number) => void;
  readonly complete?: (hosts: number, milliseconds: number) => void;
  /** The fleet is too large for its limit: nothing can be as new as it should. */
  readonly slow?: (hosts: number, seconds: number) => void;
  /** What should not happen. The host with which it did has a problem that is told, and the watch goes on. */
  readonly fault?: (error: unknown) => void;
}

/** Vault could not be asked, or could not answer. */
const awayCodes: readonly ErrorCode[] = [
  ...(["VAULT_UNREACHABLE", "VAULT_TLS_FAILED", "VAULT_REDIRECTED", "SETTING_INVALID"] as const),
  ...(["VAULT_SEALED", "VAULT_NOT_INITIALISED", "VAULT_BUSY", "VAULT_NAMESPACE_MISSING"] as const),
  ...(["VAULT_TOKEN_REFUSED", "VAULT_TOKEN_MISSING"] as const),
];
const isAway = (error: unknown): boolean => awayCodes.some((code) => isFailure(error, code));

/** Of a host that cannot be read. */
const problemOf = (error: unknown): string =>
  isFailure(error) ? printable(error.message).slice(0, 500) : "the directory cannot read it; its log says why";

/** 5 s are promised, and an answer takes a moment to arrive. */
const fresh = 4500;
/** How old a list may be before it is read again: while each host is read for the first time, and afterwards. */
const listed = { first: 15_000, later: 2500 };
const tick = 50;
/** Hosts that are read at a time: few until each has been read, then so many that a slow answer slows down nothing. */
const width = { first: 8, later: 64 };
/** Who opens a host waits no longer than this for Vault where something is known already. */
const patience = 1500;
/** What has not answered by then does not answer. */
const silence = 3000;
const retry = { first: 500, most: 5000 };
/** A host that was read so long ago is read as fast as is allowed, in milliseconds. */
const late = 60_000;
/** Seconds in which all hosts have to be read so that none is older than a minute. */
const slow = 55;

/** Waits until it is done, and no longer than so many milliseconds. */
const within = (most: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const end = setTimeout(resolve, most);
    void work.finally(() => {
      clearTimeout(end);
      resolve();
    });
  });

/** Begins to watch. It ends with the signal, and with nothing else. @param api with the token of the moment */
export function watchFleet(api: () => VaultApi, events: WatchEvents, signal: AbortSignal): Watch {
  let stored: StoredFleet | undefined;
  let there: (WhoIsThere & { readonly known: ReadonlySet<string>; readonly at: number }) | undefined;
  let fleetAt = 0;
  let readingFleet: Promise<StoredFleet> | undefined;
  let listedAt = 0;
  let triedToListAt = 0;
  /** Milliseconds that the last list took. */
  let listTook = 0;
  let offset = 0;
  let complete = false;
  let trouble: Trouble | undefined;
  let failedAt = 0;
  let answeredAt = 0;
  const hosts = new Map<string, Kept>();
  /** Names in a list of Vault's of which nothing is left but history, and when they were looked at. */
  const gone = new Map<string, Pick<WatchedHost, "triedAt" | "readAt">>();
  const looking = new Map<string, Promise<void>>();
  const opening = new Map<string, Promise<void>>();
  const outstanding = new Set<{ readonly since: number }>();
  /** What the last sweeps have begun. */
  const running = new Set<Promise<void>>();
  let listing: Promise<void> | undefined;
  const started = Date.now();

  const now = () => new Date(Date.now() + offset);

  /** Counts a question to Vault. */
  async function asked<T>(question: () => Promise<T>): Promise<T> {
    const mine = { since: Date.now() };
    outstanding.add(mine);
    let result: "ok" | "failed" = "failed";
    try {
      const answer = await question();
      [result, answeredAt] = ["ok", Date.now()];
      return answer;
    } finally {
      outstanding.delete(mine);
      events.read?.(result);
    }
  }

  function fault(error: unknown): void {
    try {
      events.fault?.(error);
    } catch {
      // nobody is left to tell it to
    }
  }

  /** It is over when a list that was asked for later has been answered. */
  function inTrouble(kind: Trouble["kind"], cause: unknown, since: number): void {
    const error = isFailure(cause) ? cause : fail("DIRECTORY_FAULT", undefined, cause);
    const before = trouble;
    failedAt = Date.now();
    trouble = { kind, since: before?.since ?? since, error };
    if (before?.error.code !== error.code && !isFailure(cause)) fault(cause);
    if (before?.kind !== kind) events.away?.(trouble);
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

  /** A token that may not even read the fleet may read nothing. */
  const kindOf = (error: unknown, hasFleet: boolean): Trouble["kind"] =>
    isAway(error) || (!hasFleet && isFailure(error) && error.code.startsWith("VAULT_")) ? "away" : "unlisted";

  /** Whether the fleet can be read after a moment: where it can, Vault answers, and what failed then is no more than itself. */
  async function answersAfter(moment: number): Promise<boolean> {
    await readingFleet?.catch(() => undefined);
    if (fleetAt >= moment) return true;
    try {
      await asked(readFleet);
      return true;
    } catch (error) {
      inTrouble(kindOf(error, false), error, moment);
      return false;
    }
  }

  const list = (): Promise<void> =>
    (listing ??= readList().finally(() => {
      listing = undefined;
    }));
  async function readList(): Promise<void> {
    const at = (triedToListAt = Date.now());
    const begun = performance.now();
    let hasFleet = false;
    try {
      await asked(async () => {
        const [found, clock] = await Promise.all([readFleet(), api().now()]);
        hasFleet = true;
        const names = await whoIsThere(api(), found);
        offset = clock.getTime() - Date.now();
        if (Math.abs(offset) < 2000) offset = 0; // Vault tells it to a second
        const list = { ...names, known: new Set(names.names), at };
        [there, listedAt] = [list, at];
        for (const [name, watched] of hosts) compare(name, watched, list);
        for (const name of gone.keys()) if (!list.known.has(name)) gone.delete(name);
      });
    } catch (error) {
      inTrouble(kindOf(error, hasFleet), error, at);
      throw error;
    }
    listTook = performance.now() - begun;
    if (trouble === undefined || at < failedAt) return;
    events.back?.(trouble.since);
    trouble = undefined;
  }
  const agrees = (host: ListedHost, list: NonNullable<typeof there>): boolean =>
    list.known.has(host.name) &&
    host.identity === list.enrolled.has(host.name) &&
    (host.said !== undefined || !list.said.has(host.name)) &&
    (host.registered !== undefined || !list.registered.has(host.name));
  /** What a list says of a host that is known: it is gone, or it is still like this. What it says otherwise is looked at. */
  function compare(name: string, watched: Kept, list: NonNullable<typeof there>): void {
    const { host, saidAt, readAt } = watched;
    if (readAt >= list.at) return;
    if (!list.known.has(name)) hosts.delete(name);
    else if (agrees(host, list)) watched.readAt = Math.max(readAt, Math.min(saidAt, list.at));
  }

  /** What is known as of later stays, whichever is answered first. */
  function note(name: string, host: ListedHost | undefined, at: number, asOf: number): void {
    const readAt =
      host === undefined || there === undefined || !agrees(host, there) ? asOf : Math.max(asOf, Math.min(at, there.at));
    if (readAt < ((hosts.get(name) ?? gone.get(name))?.readAt ?? 0)) return;
    if (there?.known.has(name) === false && readAt < there.at) return;
    if (host === undefined) {
      hosts.delete(name);
      gone.set(name, { triedAt: at, readAt });
    } else {
      gone.delete(name);
      hosts.set(name, { host, triedAt: at, saidAt: at, readAt });
    }
  }
  /** A host that could not be read: what was known of it stays for a while where Vault may answer the next time. */
  function noteUnread(name: string, error: unknown, fleet: StoredFleet, identity: boolean, at: number, asOf: number): void {
    const known = hosts.get(name);
    if (known !== undefined && isAway(error) && at - known.readAt < late) {
      hosts.set(name, { ...known, triedAt: at });
      return;
    }
    const problem = problemOf(error);
    if (!isFailure(error) && known?.host.unread !== problem) fault(error);
    note(name, unreadHost(fleet.fleet, name, identity, problem), at, asOf);
  }
  /** Does what is not being done for this host already. */
  const once = (doing: Map<string, Promise<void>>, name: string, work: () => Promise<void>): Promise<void> => {
    const mine = doing.get(name) ?? work().finally(() => doing.delete(name));
    doing.set(name, mine);
    return mine;
  };
  /** Whether an exception is about one host only. What Vault has answered before is not asked about again. */
  const isOfOne = async (error: unknown, before: ListedHost | undefined): Promise<boolean> =>
    !isFailure(error) || before?.unread === problemOf(error) || answersAfter(Date.now());
  const look = (name: string): Promise<void> =>
    once(looking, name, async () => {
      const [fleet, list, at] = [stored, there, Date.now()];
      const known = hosts.get(name);
      if (fleet === undefined || list === undefined) return;
      const lost = gone.get(name);
      if (lost !== undefined && lost.readAt > list.at) {
        gone.set(name, { ...lost, triedAt: at }); // the list may still have it
        return;
      }
      // It was found since then, and the list may say otherwise.
      const found = known !== undefined && known.readAt > list.at ? known : undefined;
      const only = new Set([name]);
      const names =
        found === undefined ? list : { enrolled: found.host.identity ? only : new Set<string>(), said: only, registered: only };
      const asOf = Math.min(at, found?.readAt ?? list.at);
      try {
        note(name, await asked(() => lookAtListed(api(), fleet, name, names, now(), known?.host)), at, asOf);
      } catch (error) {
        if (await isOfOne(error, known?.host)) noteUnread(name, error, fleet, names.enrolled.has(name), at, asOf);
      }
    });
  /** In a list of ten thousand, one host is not looked for whenever somebody opens it. */
  const find = (name: string): Promise<void> =>
    once(opening, name, async () => {
      const at = Date.now();
      const before = hosts.get(name)?.host;
      try {
        const host = await asked(async () => {
          const fleet = stored === undefined || at - fleetAt > fresh ? await readFleet() : stored;
          return findHostNow(api(), fleet, name, now(), before);
        });
        note(name, host, at, at);
      } catch (error) {
        // By the list there is less to ask for: the directory may not read each AppRole.
        if (await isOfOne(error, before)) await look(name);
      }
    });

  /**
   * A list that is refused leaves the one of before, whose hosts are read on. One that takes long is read less often, so that there is time
   * for the hosts. @throws if Vault is away
   */
  async function keepListed(age: number): Promise<void> {
    if (trouble?.kind !== "away" && Date.now() - triedToListAt <= Math.max(age, Math.min(3 * listTook, listed.first))) return;
    await list().catch((error: unknown) => {
      if (trouble?.kind === "away") throw error;
    });
  }
  /** Reads hosts at the pace, those first that were read longest ago, until all in the list were read. @throws where Vault is away */
  async function sweep(): Promise<void> {
    if (stored === undefined || there === undefined) return;
    const ageOf = (name: string) => (hosts.get(name) ?? gone.get(name))?.triedAt ?? 0;
    const due = there.names
      .filter((name) => !looking.has(name))
      .map((name) => [name, ageOf(name)] as const)
      .sort(([, a], [, b]) => a - b);
    const hurry = !complete || Date.now() - (due[0]?.[1] ?? Date.now()) > late;
    const { rate, period } = paceOf(there.names.length, stored.fleet, hurry);
    const most = complete ? width.later : width.first;
    if (period > slow && complete) events.slow?.(there.names.length, period);
    let [allowance, last] = [0, Date.now()];
    /** Why there is no list: one that is read beside the hosts keeps none of them waiting. */
    let unlisted: { readonly error: unknown } | undefined;
    const noteUnlisted = (error: unknown) => {
      unlisted = { error };
    };
    const begin = (name: string) => {
      const mine: Promise<void> = look(name)
        .catch(fault)
        .finally(() => running.delete(mine));
      running.add(mine);
    };
    for (let at = 0; at < due.length;) {
      allowance = Math.min(allowance + ((Date.now() - last) * rate) / 1000, Math.max(1, rate / 4));
      last = Date.now();
      for (; allowance >= 1 && running.size < most && at < due.length; at += 1, allowance -= 1) begin(due[at]?.[0] ?? "");
      // The next one begins as soon as one of them has ended, or as soon as it may.
      if (running.size >= most) await Promise.race(running);
      else await wait(Math.min(tick, Math.max(1, ((1 - allowance) * 1000) / rate)), undefined, { signal });
      if (!complete) await keepListed(listed.first);
      else if (unlisted !== undefined) throw unlisted.error;
      else if (listing === undefined) void keepListed(listed.later).catch(noteUnlisted);
    }
    if (complete) return; // one that takes long does not keep the others from being read again
    await Promise.all(running);
    await keepListed(listed.first);
    events.complete?.(hosts.size, Date.now() - started);
    complete = true;
  }

  async function run(): Promise<void> {
    let pause = retry.first;
    const isOver = () => signal.aborted;
    while (!isOver()) {
      try {
        await keepListed(listed.later);
        await sweep();
        pause = retry.first;
        await wait(tick, undefined, { signal });
      } catch (error) {
        if (isOver()) return;
        if (!isFailure(error)) fault(error);
        await wait(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
        pause = Math.min(pause * 2, retry.most);
      }
    }
  }
  void run();

  /** Nothing was answered for so long, while something was asked for. One answer that takes long is none of Vault's silence. */
  const isSilent = () => [...outstanding].some(({ since }) => Date.now() - Math.max(since, answeredAt) > silence);

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
      const isFresh = (host: WatchedHost | undefined) => host !== undefined && Date.now() - host.readAt < fresh;
      if (!isFresh(known())) {
        const renew = (async () => {
          const isListed = () => there?.known.has(name) === true;
          if (!isListed() && Date.now() - triedToListAt > fresh) await list();
          // A list of a moment ago says whether it has an identity: that is one question less.
          const isNew = Date.now() - listedAt <= listed.later && !looking.has(name); // one that a sweep began may be an old question
          if (isListed()) await (isNew ? look(name) : find(name));
        })().catch(() => undefined); // what failed is told by then
        await (known() === undefined ? renew : within(patience, renew));
      }
      const found = known();
      return found === undefined ? undefined : { host: found.host, readAt: found.readAt, stored: requireFleet() };
    },
    trouble: () =>
      trouble ??
      (isSilent() ? { kind: "away", since: Date.now() - silence, error: fail("DIRECTORY_VAULT_SILENT", undefined) } : undefined),
    stored: () => stored,
    now,
    fresh,
  };
}
