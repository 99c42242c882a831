/**
 * The words with which ssh ends a login by its own decision, and the phase in which it does. With any other end it is the host that
 * decides when: it hangs up, or falls silent.
 *
 * Nothing comes after them. So where they are the last line, ssh was in that phase; and a host that writes them itself still has
 * ssh say its own last words behind them: consistency.ts.
 */
import type { Stage } from "./trace.js";

const ends: readonly (readonly [stage: Stage, words: RegExp])[] = [
  ["setup", /^Unable to negotiate with /],
  ["host", /^Host key verification failed\./],
  ["host", /^ssh_dispatch_run_fatal: Connection to .*: incorrect signature$/],
  ["user", /: Permission denied \(/],
];

/** @param text what ssh says without being asked for details */
export const ownEnd = (text: string): Stage | undefined => ends.find(([, words]) => words.test(text))?.[0];
