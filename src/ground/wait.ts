/** Waiting for a condition, never for a time. */
import { setTimeout as after } from "node:timers/promises";

export interface Patience {
  readonly seconds: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks again and again until `check` says that it is so.
 * @returns false where the time was over first
 * @throws what `check` throws, and the signal's reason where that was given
 */
export async function waitUntil(check: () => Promise<boolean>, { seconds, every = 50, signal }: Patience): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!(await check())) {
    signal?.throwIfAborted();
    if (Date.now() > end) return false;
    await after(every, undefined, signal === undefined ? {} : { signal });
  }
  return true;
}
