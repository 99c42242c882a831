/** One of OpenSSH's programs that has the terminal for as long as it runs, and this process's standard input and outputs. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Env } from "../../settings/reader.js";
import { missing } from "../../ssh/openssh.js";

export interface Foreground {
  /** Its exit status; 128 and its number where a signal ended it. */
  readonly ended: Promise<number>;
  /** Passes on a signal that this process got. */
  readonly pass: (signal: NodeJS.Signals) => void;
}

/** @throws TOOL_MISSING, by `ended` */
export function startForeground(program: string, args: readonly string[], env: Env): Foreground {
  const running = spawn(program, args, { stdio: "inherit", env });
  const pass = (signal: NodeJS.Signals) => {
    running.kill(signal);
  };
  const resume = () => {
    pass("SIGCONT");
  };
  const stopToo = () => {
    stopWith(running.pid);
  };
  process.on("SIGCHLD", stopToo).on("SIGCONT", resume);
  const ended = new Promise<number>((resolve, reject) => {
    running.once("exit", (status, signal) => {
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
    running.once("error", (error) => {
      reject(missing(program, error));
    });
  }).finally(() => {
    process.off("SIGCHLD", stopToo).off("SIGCONT", resume);
  });
  return { ended, pass };
}

/** ssh stops itself where a person types ~^Z, and the shell waits for this process: it stops, too, until it is continued. */
function stopWith(pid: number | undefined): void {
  if (pid !== undefined && stateOf(pid) === "T") process.kill(process.pid, "SIGSTOP");
}

/** A process's state: in proc(5) it is behind the name in brackets; elsewhere POSIX's ps says it. */
function stateOf(pid: number): string {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8"))?.[1] ?? "";
  } catch {
    if (process.platform === "linux") return ""; // it has ended
    return spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" })
      .stdout.trim()
      .slice(0, 1);
  }
}
