/** The log of an agent that nobody watches: a file that does not grow for ever. */
import { closeSync, constants, fchmodSync, lstatSync, openSync, renameSync, writeSync } from "node:fs";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/** In bytes; the file before it is kept too. */
const most = 1024 * 1024;

/**
 * @returns what writes a line, to no link. A disk that is full, or a folder that is gone, ends no login: the line is lost, and the next one is tried.
 */
export function logFile(path: string): (line: string) => void {
  return (line) => {
    try {
      if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > most) renameSync(path, `${path}.1`);
      const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
      try {
        fchmodSync(file, 0o600);
        writeSync(file, `${line}\n`);
      } finally {
        closeSync(file);
      }
    } catch {
      // `agent status` has the last ones
    }
  };
}
