/** Ends ssh and what it started. */
import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";

export interface Program {
  readonly pid?: number | undefined;
  readonly kill: () => boolean;
}

/**
 * Ends a process and all that it started, and that is still its own. A ProxyCommand would live on: it is not ssh, and not a process
 * group of its own, as then it could not ask at the terminal.
 */
export async function endWithDescendants(program: Program): Promise<void> {
  const descendants = program.pid === undefined ? [] : await descendantsOf(program.pid);
  program.kill();
  for (const pid of descendants) kill(pid);
}

async function descendantsOf(ancestor: number): Promise<number[]> {
  const parents = await parentsOfAll();
  const found = [ancestor];
  for (const pid of found) found.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return found.slice(1);
}

/** By process. Linux tells it in files, with or without ps; elsewhere there is POSIX's ps. */
async function parentsOfAll(): Promise<Map<number, number>> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = pids.length > 0 ? await Promise.all(pids.map(readStat)) : await askPs();
  return new Map(
    lines.flatMap((line) => {
      const [, pid, parent] = /^\s*(\d+) (?:\(.*\) \S )?\s*(\d+)/s.exec(line) ?? [];
      return pid === undefined || parent === undefined ? [] : [[Number(pid), Number(parent)] as const];
    }),
  );
}

/** proc(5): the process, its name in brackets, its state, its parent; "" for one that has ended meanwhile. */
const readStat = (pid: string): Promise<string> => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");

async function askPs(): Promise<string[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=", "-o", "ppid="], { stdin: "ignore" });
  return stdout.split("\n");
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}
