/** A secret that is handed over as a file: one that only its owner may read, or a pipe. */
import { readFile, stat } from "node:fs/promises";
import type { Advice } from "../errors/hint.js";
import { shellWord } from "./shell-word.js";
import { aFolder, whyUnread } from "./unread-file.js";

/** What mends a file that holds something else. */
export const oneLine: Advice = { say: "name a file with the secret as its one line, which only you can read" };

/** More than any secret needs, in bytes. */
const most = 4096;

/**
 * @param refuse makes the error from what is wrong, such as "others can read it (mode 0644)", and from what mends it
 * @returns its bytes, as they are
 */
export async function readSecretFile(
  file: string,
  refuse: (problem: string, how: Advice, cause?: unknown) => Error,
): Promise<Buffer> {
  const explain = (error: unknown) => {
    const { reason, how } = whyUnread(file, error);
    throw refuse(reason, how, error);
  };
  const stats = await stat(file).catch(explain);
  if (stats.isDirectory()) throw refuse(aFolder(file).reason, aFolder(file).how);
  if (!stats.isFile() && !stats.isFIFO()) throw refuse("it is not a file", oneLine);
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
    throw refuse(`others can read it (mode ${mode})`, { say: "let only you read it", run: `chmod 600 ${shellWord(file)}` });
  }
  if (stats.size > most) throw refuse("it is too large for a secret", oneLine);
  return readFile(file).catch(explain);
}
