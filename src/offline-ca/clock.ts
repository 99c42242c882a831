/** A clock that went back makes certificates that are valid for the wrong time; a room without network has no other clock to ask. */
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import type { Imported, Issued } from "./issue-log.js";
import { configFile, logFile } from "./layout.js";
import type { OfflineCa } from "./open.js";
import { isoSeconds } from "./validity.js";

/** Two machines that share a CA may differ by so much; in milliseconds. */
const tolerance = 5 * 60 * 1000;

/**
 * Holds the clock against the latest moment that the CA has seen: when it was made, or an entry of its log.
 * @throws OFFLINE_CA_CLOCK_BACK
 */
export function checkClock(
  { dir, config }: Pick<OfflineCa, "dir" | "config">,
  log: readonly (Issued | Imported)[],
  now: Date,
): void {
  const entries = log.map((entry) => ({
    at: Date.parse(entry.at),
    what: entry.event === "issued" ? `${entry.identity} was signed` : `a key was given to ${entry.address}`,
    written: { field: '"at":"', written: entry.at, file: shellWord(logFile(dir)) },
  }));
  const made = {
    at: Date.parse(config.made),
    what: "this CA was made",
    written: { field: '"made": "', written: config.made, file: shellWord(configFile(dir)) },
  };
  const latest = entries.reduce((later, entry) => (entry.at > later.at ? entry : later), made);
  if (now.getTime() >= latest.at - tolerance) return;
  const [clock, later] = [now.getTime(), latest.at].map((time) => isoSeconds(Math.floor(time / 1000)));
  throw fail("OFFLINE_CA_CLOCK_BACK", { clock: clock ?? "", later: later ?? "", what: latest.what, ...latest.written });
}
