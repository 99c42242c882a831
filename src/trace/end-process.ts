/** Ends ssh and what it started: at once, so that it can be done while this process ends, too. */
import { readdirSync, readFileSync } from "node:fs";
import { execaSync } from "execa";

export interface Program {
  readonly pid?: number | undefined;
  readonly kill: () => boolean;
}

/** By which a person or a program ends this process, and leaves the others. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ends a process and all that it started, and that is still its own. A ProxyCommand would live on: it is not ssh, and not a process
 * group of its own, as then it could not ask at the terminal.
 */
export function endWithDescendants(program: Program): void {
  const descendants = program.pid === undefined ? [] : descendantsOf(program.pid);
  program.kill();
  for (const pid of descendants) kill(pid);
}

/**
 * Ends it and its descendants where this process ends first, by itself or by a signal, which has its effect all the same.
 * @returns what is to be called when it has ended
 */
export function endWithUs(program: Program): () => void {
  const end = () => {
    endWithDescendants(program);
  };
  const passOn = (signal: NodeJS.Signals) => {
    end();
    hasEnded();
    process.kill(process.pid, signal);
  };
  const hasEnded = () => {
    process.off("exit", end);
    for (const signal of signals) process.off(signal, passOn);
  };
  process.on("exit", end);
  for (const signal of signals) process.on(signal, passOn);
  return hasEnded;
}

function descendantsOf(ancestor: number): number[] {
  const parents = parentsOfAll();
  const found = [ancestor];
  for (const pid of found) found.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return found.slice(1);
}

/** By process. Linux tells it in files, with or without ps; elsewhere there is POSIX's ps. Without either nothing is known. */
function parentsOfAll(): Map<number, number> {
  const pids = orNothing(() => readdirSync("/proc"), []).filter((name) => /^\d+$/.test(name));
  const lines = pids.length > 0 ? pids.map(readStat) : askPs();
  return new Map(
    lines.flatMap((line) => {
      const [, pid, parent] = /^\s*(\d+) (?:\(.*\) \S )?\s*(\d+)/s.exec(line) ?? [];
      return pid === undefined || parent === undefined ? [] : [[Number(pid), Number(parent)] as const];
    }),
  );
}

/** proc(5): the process, its name in brackets, its state, its parent; "" for one that has ended meanwhile. */
const readStat = (pid: string): string => orNothing(() => readFileSync(`/proc/${pid}/stat`, "utf8"), "");

const askPs = (): string[] =>
  orNothing(() => execaSync("ps", ["-A", "-o", "pid=", "-o", "ppid="], { stdin: "ignore" }).stdout, "").split("\n");

function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}
