import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Starts a program in a session of its own, with nothing of ours but the log file: it neither ends with us nor keeps us.
 * @returns its process number
 */
export async function startDetached(file: string, args: readonly string[], logFile: string): Promise<number> {
  await mkdir(dirname(logFile), { recursive: true });
  await using log = await open(logFile, "a", 0o640);
  // the administrator's folders: dockerd looks on PATH for iptables and containerd
  const command = ["-c", 'PATH="$PATH:/usr/sbin:/sbin"; exec "$@"', "sh", file, ...args];
  const child = spawn("/bin/sh", command, { detached: true, cwd: "/", stdio: ["ignore", log.fd, log.fd] });
  await once(child, "spawn");
  child.unref();
  return child.pid ?? 0;
}
