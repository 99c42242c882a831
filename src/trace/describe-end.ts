/** The end of a login that succeeded, in words; for the terminal and for the page. */
import type { Trace } from "./trace.js";

/** Behind "logged in": how the command ended, or that it did not; "" where nobody said. A stopped one is no success. */
export function describeCommand({ exitStatus, stoppedAfter }: Trace): string {
  if (exitStatus !== undefined) return `; the command ended with exit status ${String(exitStatus)}`;
  return stoppedAfter === undefined ? "" : `; stopped after ${String(stoppedAfter)} s, before the command ended`;
}

/** What is missing of what others wrote; "" for nothing. */
export const describeLeftOut = ({ leftOut }: Trace): string =>
  leftOut === 0 ? "" : `${leftOut.toLocaleString("en-GB")} characters of what others wrote are left out`;
