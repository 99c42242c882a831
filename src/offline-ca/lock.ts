/** One signer at a time: serials, identities and files are counted and moved under it. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
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

/**
 * Locks a file or a folder.
 *
 * The kernel holds the lock, flock(2), for a child that lives as long as the pipe from us: so it ends with this process,
 * however that ends, and no file of a dead holder is ever in the way.
 * @param seconds how long another holder is waited for; 0: not at all
 * @returns what ends it; undefined where another holds it
 * @throws FILE_NOT_WRITTEN, TOOL_MISSING
 */
export async function lock(path: string, seconds: number): Promise<(() => Promise<void>) | undefined> {
  const patience = seconds === 0 ? ["-n"] : [];
  const holder = execa("flock", [...patience, path, "sh", "-c", "echo held; exec cat"], { reject: false });
  const expired = new AbortController();
  const first = await Promise.race([
    once(holder.stdout, "data").then(() => "held" as const),
    holder.then(() => "ended" as const),
    ...(seconds === 0 ? [] : [setTimeout(seconds * 1000, "late" as const, { signal: expired.signal, ref: false })]),
  ]);
  expired.abort();
  if (first === "held") {
    return async () => {
      holder.stdin.end();
      await holder;
    };
  }
  if (first === "late") holder.kill("SIGKILL");
  const result = await holder;
  if (first === "late" || result.exitCode === 1) return undefined;
  if (result.code === "ENOENT") {
    const how = "install it: sudo apt-get install util-linux (macOS: brew install util-linux)";
    throw fail("TOOL_MISSING", { tool: "flock", why: "it keeps two signers apart", how }, result);
  }
  const reason = result.stderr === "" ? "flock could not lock it" : result.stderr;
  throw fail("FILE_NOT_WRITTEN", { file: path, reason }, result);
}
