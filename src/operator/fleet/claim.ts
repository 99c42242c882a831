/**
 * One apply at a time makes CA keys, wherever it runs: OpenBao takes a second key as willingly as the first. Vault has no lock, but
 * an entry that is written only where there is none yet is one.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import { claimEntry, store } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";
import { writeIfUnchanged } from "./check-and-set.js";

const path = `${store}/data/${claimEntry}`;
const claim = z.object({ data: z.object({ data: z.unknown(), metadata: z.object({ version: z.number() }) }) });

export interface Patience {
  /** How long a claim that nobody gives back is respected: its owner was killed. Seconds. */
  readonly stale: number;
  /** How long all others together are waited for. Seconds. */
  readonly atMost: number;
  readonly signal?: AbortSignal | undefined;
}

/** Does work while no other apply does. @throws FLEET_KEYS_CLAIMED, and what the work throws */
export async function alone<T>(api: VaultApi, patience: Patience, work: () => Promise<T>): Promise<T> {
  await claimIt(api, patience);
  try {
    return await work();
  } finally {
    // The whole entry: the next claim is a first one again.
    await api.delete(`${store}/metadata/${claimEntry}`);
  }
}

async function claimIt(api: VaultApi, { stale, atMost, signal }: Patience): Promise<void> {
  const ours = { by: randomUUID() };
  const end = performance.now() + atMost * 1000;
  // Ages are measured here, by how long a claim does not change: clocks of two machines differ.
  let seen = { by: "", since: performance.now() };
  for (;;) {
    if (await writeIfUnchanged(api, path, ours, 0)) return;
    const there = (await api.read(path, claim))?.data;
    if (there === undefined) continue;
    const by = JSON.stringify([there.data, there.metadata.version]);
    if (by !== seen.by) seen = { by, since: performance.now() };
    const old = performance.now() - seen.since > stale * 1000;
    if (old && (await writeIfUnchanged(api, path, ours, there.metadata.version))) return;
    if (performance.now() > end) throw fail("FLEET_KEYS_CLAIMED", { path, seconds: String(atMost) });
    await sleep(500, undefined, { signal });
  }
}
