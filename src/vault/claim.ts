/**
 * One at a time does something in Vault, wherever it runs: OpenBao takes a second CA key as willingly as the first, and a group that is
 * written loses whoever was added meanwhile. Vault has no lock, but an entry that is written only where there is none yet is one.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { SshTrustError } from "../errors/catalogue.js";
import { store } from "../fleet/vault-names.js";
import type { VaultApi } from "./api.js";
import { writeIfUnchanged } from "./check-and-set.js";

const claim = z.object({ data: z.object({ data: z.unknown(), metadata: z.object({ version: z.number() }) }) });

/** What is claimed. */
export interface Claim {
  /** The name of its entry in the store. */
  readonly entry: string;
  /** What is thrown where others have it. @param seconds how long they were waited for */
  readonly taken: (path: string, seconds: number) => SshTrustError;
}

const pathOf = ({ entry }: Claim) => `${store}/data/${entry}`;
/** The whole entry, with its versions: without it, the next claim is a first one again. */
const wholeEntryOf = ({ entry }: Claim) => `${store}/metadata/${entry}`;

export interface Patience {
  /** How long a claim that nobody gives back is respected: its owner was killed. Seconds. */
  readonly stale: number;
  /** How long all others together are waited for. Seconds. */
  readonly atMost: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does work while nobody else does who claims the same.
 * @param work is given a look whether it is still alone, for right before what cannot be taken back: where it was so slow that
 *   another took the claim over, that throws `claimed.taken`
 * @throws claimed.taken, and what the work throws
 */
export async function alone<T>(
  api: VaultApi,
  claimed: Claim,
  patience: Patience,
  work: (stillAlone: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const path = pathOf(claimed);
  const ours = { by: randomUUID() };
  await claimIt(api, claimed, ours, patience);
  const isOurs = async () => isDeepStrictEqual((await api.read(path, claim))?.data.data, ours);
  try {
    return await work(async () => {
      if (!(await isOurs())) throw claimed.taken(path, patience.stale);
    });
  } finally {
    // What the work did counts: a claim that cannot be given back is respected for a while, and no longer.
    if (await isOurs().catch(() => false)) await api.delete(wholeEntryOf(claimed)).catch(() => undefined);
  }
}

async function claimIt(
  api: VaultApi,
  claimed: Claim,
  ours: { readonly by: string },
  { stale, atMost, signal }: Patience,
): Promise<void> {
  const path = pathOf(claimed);
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
      if (there === undefined) await api.delete(wholeEntryOf(claimed));
      else if (await writeIfUnchanged(api, path, ours, there.metadata.version)) return;
    }
    if (performance.now() > end) throw claimed.taken(path, atMost);
    await sleep(500, undefined, { signal });
  }
}
