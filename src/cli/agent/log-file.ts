/** The log of an agent that nobody watches: a file that does not grow for ever. */
import { appendFileSync, renameSync, statSync } from "node:fs";

/** In bytes; the file before it is kept too. */
const most = 1024 * 1024;

/**
 * @returns what writes a line. A disk that is full, or a folder that is gone, ends no login: the line is lost, and the next one is tried.
 */
export function logFile(path: string): (line: string) => void {
  return (line) => {
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > most) renameSync(path, `${path}.1`);
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // `agent status` has the last ones
    }
  };
}
