/** A program with all that it starts: a process group, which is ended as one. */
import { execa } from "execa";

export interface GroupOptions {
  readonly cwd: string;
  /** Aborted: the group is asked to end, and after some seconds it is ended. */
  readonly signal: AbortSignal;
  /** Called for each line of its standard error. */
  readonly said: (line: string) => void;
}

/** How long a group has to end after it was asked to, in milliseconds. */
const patience = 4000;

/** Runs a program to its end, whatever that is; nothing of its group outlives it. */
export async function runGroup(program: string, args: readonly string[], { cwd, signal, said }: GroupOptions): Promise<void> {
  const options = { cwd, stdio: ["ignore", "ignore", "pipe"], reject: false, buffer: false, detached: true } as const;
  const running = execa(program, args, options);
  const send = (name: NodeJS.Signals) => {
    try {
      if (running.pid !== undefined) process.kill(-running.pid, name);
    } catch {
      // nobody is left of it
    }
  };
  let late: NodeJS.Timeout | undefined;
  const abort = () => {
    send("SIGTERM");
    late = setTimeout(send, patience, "SIGKILL");
  };
  const gone = () => {
    send("SIGKILL");
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  process.once("exit", gone);
  // What it left behind goes before its output is read to the end: a leftover may hold that open.
  running.once("exit", gone);
  try {
    for await (const line of running.iterable({ from: "stderr" })) said(line);
    await running;
  } catch {
    // how it ended is read elsewhere
  } finally {
    signal.removeEventListener("abort", abort);
    process.off("exit", gone);
    clearTimeout(late);
  }
}
