/** The directory as a service: it watches the fleet, and serves what it knows until it is told to end. */
import { setTimeout as wait } from "node:timers/promises";
import { fail, isFailure, type ErrorCode, type SshTrustError } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import type { VaultSettings } from "../settings/vault.js";
import type { VaultApi } from "../vault/api.js";
import { readStoredFleet } from "../vault/stored-fleet.js";
import { createApp, type AppOptions } from "./http/app.js";
import { oncePerChange } from "./once-per-change.js";
import { addressesIn } from "./http/client-address.js";
import { limitProofs } from "./http/limit.js";
import { listen, type ListenAddress } from "./http/listen.js";
import { openMetrics } from "./http/metrics.js";
import { openReaders } from "./http/readers.js";
import { openSessions, readSessionKey } from "./http/sessions.js";
import { readPair, watchPair, type TlsFiles } from "./http/tls.js";
import { keepHistories } from "./views/history.js";
import { rowsOf, type Rows } from "./views/rows.js";
import { keepToken } from "./watch/token.js";
import { watchFleet, type Trouble } from "./watch/watch.js";

export interface ServeOptions extends AppOptions {
  readonly listen: ListenAddress;
  /** Undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** Holds the token; undefined: the settings have it. */
  readonly tokenFile: string | undefined;
  /** Holds the key of sessions; undefined: one that ends with this process. */
  readonly sessionKey: string | undefined;
}

/** What happens, for a log. */
export interface ServeEvents {
  readonly listening: (address: string, told: string) => void;
  readonly complete: (hosts: number, milliseconds: number) => void;
  readonly slow: (hosts: number, seconds: number) => void;
  readonly vaultAway: (trouble: Trouble) => void;
  readonly vaultBack: (milliseconds: number) => void;
  readonly tlsRead: () => void;
  /** The certificate, or the token, is used on as it was. */
  readonly refused: (error: SshTrustError) => void;
  /** Vault does not answer, and nothing is served before it has. */
  readonly waiting: (error: SshTrustError) => void;
  readonly fault: (error: unknown) => void;
  readonly draining: () => void;
}

/**
 * Serves until the signal ends it, and what was asked is answered.
 * @throws what is wrong with its files, DIRECTORY_NOT_IN_FLEET, DIRECTORY_LISTEN, and what Vault refuses when it starts
 */
export async function serveDirectory(
  settings: VaultSettings,
  options: ServeOptions,
  events: ServeEvents,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const [pair, key] = await Promise.all([
    options.tls === undefined ? undefined : readPair(options.tls),
    readSessionKey(options.sessionKey),
  ]);
  try {
    const refusedToken = oncePerChange(events.refused);
    const { api } = await keepToken(settings, options.tokenFile, refusedToken.tell, over.signal);
    const first = await firstRead(api, events, signal);
    if (first === undefined) return;
    const told = first.fleet.directory;
    if (told === undefined) throw fail("DIRECTORY_NOT_IN_FLEET", undefined);
    let draining = false;
    const metrics = openMetrics(
      () => (watch.stored() === undefined ? undefined : rows()),
      () => watch.trouble() !== undefined,
    );
    const watch = watchFleet(
      api,
      {
        read: metrics.readVault,
        away: events.vaultAway,
        back: (since) => {
          refusedToken.forget();
          events.vaultBack(Date.now() - since);
        },
        complete: events.complete,
        slow: events.slow,
        fault: events.fault,
      },
      over.signal,
    );
    const rows: () => Rows = rowsOf(watch);
    const app = createApp(
      {
        address: told.address,
        vault: { ...settings, token: undefined, tokenSource: undefined },
        watch,
        rows,
        histories: keepHistories(api),
        readers: openReaders(api, settings),
        countLookup: limitProofs({ watch }),
        sessions: openSessions(key, told.address.startsWith("https:")),
        metrics,
        isDraining: () => draining,
        fault: events.fault,
      },
      options,
    );
    const listening = await listen(app, options.listen, pair, addressesIn(options.proxies));
    if (options.tls !== undefined) {
      const changed = (next: Parameters<typeof listening.useTls>[0]) => {
        listening.useTls(next);
        events.tlsRead();
      };
      watchPair(options.tls, { changed, refused: events.refused }, over.signal);
    }
    events.listening(listening.address, told.address);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
    draining = true;
    events.draining();
    await listening.drain();
  } finally {
    over.abort();
  }
}

/** What ends by itself: a machine that starts before Vault does need not be started again. */
const passing: readonly ErrorCode[] = ["VAULT_UNREACHABLE", "VAULT_SEALED", "VAULT_BUSY"];
const pause = 2000;

/** Whoever starts it is told at once where it cannot work. @returns undefined where the signal ended it */
async function firstRead(
  api: () => VaultApi,
  { waiting }: Pick<ServeEvents, "waiting">,
  signal: AbortSignal,
): Promise<StoredFleet | undefined> {
  const ended = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => {
      resolve(undefined);
    });
  });
  for (let told = false; !signal.aborted; told = true) {
    try {
      return await Promise.race([readStoredFleet(api()), ended]);
    } catch (error) {
      if (!isFailure(error) || !passing.some((code) => error.code === code)) throw error;
      if (!told) waiting(error);
      await wait(pause, undefined, { signal }).catch(() => undefined); // it was ended
    }
  }
  return undefined;
}
