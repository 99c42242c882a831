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
  using interrupted = interruption(signal);
  while (!(await interrupted.or(check()))) {
    if (Date.now() > end) return false;
    await interrupted.or(after(every));
  }
  return true;
}

/** Listens for the whole time of a wait, so that whoever looks for listeners finds one at every moment. */
function interruption(signal: AbortSignal | undefined): Disposable & { readonly or: <T>(work: Promise<T>) => Promise<T> } {
  if (signal === undefined) return { or: (work) => work, [Symbol.dispose]: () => undefined };
  let stop: (error: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = reject;
  });
  stopped.catch(() => undefined); // it may come when nothing is waited for any more
  const listener = () => {
    stop(signal.reason);
  };
  if (signal.aborted) listener();
  signal.addEventListener("abort", listener);
  return {
    or: (work) => Promise.race([work, stopped]),
    [Symbol.dispose]: () => {
      signal.removeEventListener("abort", listener);
    },
  };
}
