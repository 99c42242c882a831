/** A secret that is handed over as a file: one that only its owner may read, or a pipe. */
import { readFile, stat } from "node:fs/promises";
import { reasonOf } from "../errors/catalogue.js";

/** More than any secret needs, in bytes. */
const most = 4096;

/**
 * @param refuse makes the error from what is wrong, such as "others can read it (mode 0644)"
 * @returns its bytes, as they are
 */
export async function readSecretFile(file: string, refuse: (problem: string, cause?: unknown) => Error): Promise<Buffer> {
  const explain = (error: unknown) => {
    throw refuse(reasonOf(error).replace(/^E[A-Z]+: ([^,]*),.*$/, "$1"), error);
  };
  const stats = await stat(file).catch(explain);
  if (!stats.isFile() && !stats.isFIFO()) throw refuse("it is not a file");
  if ((stats.mode & 0o077) !== 0) throw refuse(`others can read it (mode ${(stats.mode & 0o7777).toString(8).padStart(4, "0")})`);
  if (stats.size > most) throw refuse("it is too large for a secret");
  return readFile(file).catch(explain);
}
