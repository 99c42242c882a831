/** One signer at a time: serials, identities and files are counted and moved under it. */
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { fail } from "../../errors.js";
import { lockFile } from "./layout.js";

/**
 * Works while nobody else does in a CA's folder; waits for another holder.
 *
 * The kernel holds the lock, flock(2), for a child that lives as long as the pipe from us: so it ends with this process,
 * however that ends, and no file of a dead holder is ever in the way.
 * @throws OFFLINE_CA_BUSY, TOOL_MISSING
 */
export async function underLock<T>(dir: string, work: () => Promise<T>, seconds = 30): Promise<T> {
  const release = await lock(dir, seconds);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function lock(dir: string, seconds: number): Promise<() => Promise<void>> {
  const holder = execa("flock", [lockFile(dir), "sh", "-c", "echo held; exec cat"], { reject: false });
  const expired = new AbortController();
  const first = await Promise.race([
    once(holder.stdout, "data").then(() => "held" as const),
    holder.then(() => "ended" as const),
    setTimeout(seconds * 1000, "late" as const, { signal: expired.signal, ref: false }),
  ]);
  expired.abort();
  if (first === "late") {
    holder.kill("SIGKILL");
    await holder;
    throw fail("OFFLINE_CA_BUSY", { dir, seconds: String(seconds) });
  }
  if (first === "ended") {
    const result = await holder;
    if (result.code === "ENOENT") {
      const how = "install it: sudo apt-get install util-linux (macOS: brew install util-linux)";
      throw fail("TOOL_MISSING", { tool: "flock", why: "it keeps two signers apart", how }, result);
    }
    const reason = result.stderr === "" ? "flock could not lock it" : result.stderr;
    throw fail("FILE_NOT_WRITTEN", { file: lockFile(dir), reason }, result);
  }
  return async () => {
    holder.stdin.end();
    await holder;
  };
}
