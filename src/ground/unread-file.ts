/** Why a file cannot be read, and what mends that: a file of somebody else's needs another hint than a folder. */
import { statSync, type Stats } from "node:fs";
import { reasonOf } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import { shellWord } from "./shell-word.js";
import { systemCode } from "./system-error.js";

export interface Unread {
  /** In one clause, such as "it is a folder". */
  readonly reason: string;
  readonly how: Advice;
}

/** @param error of the system's, from looking at the file, opening it or reading it */
export function whyUnread(path: string, error: unknown): Unread {
  const code = systemCode(error) ?? "";
  const known = byCode[code]?.(path);
  if (known !== undefined) return known;
  // "EIO: i/o error, read": what is behind the comma is for programmers
  const reason = /^E[A-Z0-9]+: ([^,]+)/.exec(reasonOf(error))?.[1] ?? reasonOf(error);
  return { reason, how: { say: "see what it is", run: `ls -ld ${shellWord(path)}` } };
}

/** What is there, and is no file that can be read. */
export const aFolder = (path: string): Unread => ({
  reason: "it is a folder",
  how: { say: "name a file in it, such as", run: `ls ${shellWord(path)}` },
});

const byCode: Readonly<Record<string, (path: string) => Unread>> = {
  ENOENT: () => ({ reason: "there is no such file", how: { say: "correct the path" } }),
  ENOTDIR: () => ({
    reason: "a part of its path is a file, where a folder has to be",
    how: { say: "correct the path" },
  }),
  EISDIR: aFolder,
  EACCES: notAllowed,
  EPERM: notAllowed,
  ELOOP: (path) => ({
    reason: "its links lead in a circle",
    how: { say: "see where they lead, and name the file itself", run: `ls -l ${shellWord(path)}` },
  }),
  ENAMETOOLONG: () => ({
    reason: "this is too long for the name of a file",
    how: { say: "name a file, and not what is in it" },
  }),
  EMFILE: tooMany,
  ENFILE: tooMany,
};

/** Where it cannot be seen, it is a folder above it that does not let us through. */
function notAllowed(path: string): Unread {
  const word = shellWord(path);
  const there = statsOf(path);
  const how =
    there === undefined
      ? { say: "see which folder on the way to it you may not enter", run: `namei -l ${word}` }
      : whatLetsUsRead(there, word);
  return { reason: "permission denied", how };
}

/** A file of one's own may be closed to oneself, too. */
function whatLetsUsRead({ uid, mode }: Stats, word: string): Advice {
  const open = `chmod u+r ${word}`;
  if (uid === process.geteuid?.()) return { say: "let yourself read it", run: open };
  return { say: "make it yours", run: `sudo chown $USER ${word}${(mode & 0o400) === 0 ? ` && ${open}` : ""}` };
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function tooMany(): Unread {
  return { reason: "too many files are open", how: { say: "allow more of them in this shell", run: "ulimit -n 4096" } };
}
