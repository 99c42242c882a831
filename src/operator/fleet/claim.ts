/**
 * One apply at a time makes CA keys, wherever it runs: OpenBao takes a second key as willingly as the first. Vault has no lock, but
 * an entry that is written only where there is none yet is one.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import { claimEntry, store } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";
import { writeIfUnchanged } from "./check-and-set.js";

const path = `${store}/data/${claimEntry}`;
/** The whole entry, with its versions: without it, the next claim is a first one again. */
const wholeEntry = `${store}/metadata/${claimEntry}`;
const claim = z.object({ data: z.object({ data: z.unknown(), metadata: z.object({ version: z.number() }) }) });

export interface Patience {
  /** How long a claim that nobody gives back is respected: its owner was killed. Seconds. */
  readonly stale: number;
  /** How long all others together are waited for. Seconds. */
  readonly atMost: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does work while no other apply does.
 * @param work is given a look whether it is still alone, for right before what cannot be taken back: where it was so slow that
 *   another took the claim over, that throws FLEET_KEYS_CLAIMED
 * @throws FLEET_KEYS_CLAIMED, and what the work throws
 */
export async function alone<T>(
  api: VaultApi,
  patience: Patience,
  work: (stillAlone: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const ours = { by: randomUUID() };
  await claimIt(api, ours, patience);
  const isOurs = async () => isDeepStrictEqual((await api.read(path, claim))?.data.data, ours);
  try {
    return await work(async () => {
      if (!(await isOurs())) throw fail("FLEET_KEYS_CLAIMED", { path, seconds: String(patience.stale) });
    });
  } finally {
    // What the work did counts: a claim that cannot be given back is respected for a while, and no longer.
    if (await isOurs().catch(() => false)) await api.delete(wholeEntry).catch(() => undefined);
  }
}

async function claimIt(api: VaultApi, ours: { readonly by: string }, { stale, atMost, signal }: Patience): Promise<void> {
  const end = performance.now() + atMost * 1000;
  // Ages are measured here, by how long a claim does not change: clocks of two machines differ.
  let seen = { claim: "", since: performance.now() };
  for (;;) {
    if (await writeIfUnchanged(api, path, ours, 0)) return;
    const there = (await api.read(path, claim))?.data;
    const now = JSON.stringify([there?.data, there?.metadata.version]);
    if (now !== seen.claim) seen = { claim: now, since: performance.now() };
    if (performance.now() - seen.since > stale * 1000) {
      // One that somebody deleted by hand still has its versions, so that no claim would be the first.
      if (there === undefined) await api.delete(wholeEntry);
      else if (await writeIfUnchanged(api, path, ours, there.metadata.version)) return;
    }
    if (performance.now() > end) throw fail("FLEET_KEYS_CLAIMED", { path, seconds: String(atMost) });
    await sleep(500, undefined, { signal });
  }
}
