/** A lock that ends with the process that holds it. */
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { fail } from "../errors/catalogue.js";

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
  const holder = execa("flock", [...patience, path, "sh", "-c", "echo held; exec cat"], {
    reject: false,
    detached: true, // Ctrl-C goes to the holder only, who may have to come to an end first
  });
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
    const how = [
      { say: "install it", run: "sudo apt-get install util-linux" },
      { say: "on macOS", run: "brew install util-linux" },
    ];
    throw fail("TOOL_MISSING", { tool: "flock", why: "it keeps two writers apart", how }, result);
  }
  const reason = result.stderr === "" ? "flock could not lock it" : result.stderr;
  throw fail("FILE_NOT_WRITTEN", { file: path, reason }, result);
}
