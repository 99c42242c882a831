/** One signer at a time: serials, identities and files are counted and moved under it. */
import { writeFile } from "node:fs/promises";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { lock } from "../ground/lock.js";
import { lockFile } from "./layout.js";

/**
 * Works while nobody else does in a CA's folder; waits for another holder.
 * @throws OFFLINE_CA_BUSY, and what lock throws
 */
export async function underLock<T>(dir: string, work: () => Promise<T>, seconds = 30): Promise<T> {
  const file = lockFile(dir);
  // Before flock does, which would give it the umask's mode.
  await writeFile(file, "", { flag: "a", mode: 0o600 });
  const release = await lock(file, seconds);
  if (release === undefined) throw fail("OFFLINE_CA_BUSY", { dir: shellWord(dir), seconds: String(seconds) });
  try {
    return await work();
  } finally {
    await release();
  }
}
