/** Runs ssh; reads its log, each line with the time at which it came, and what others say through it. */
import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { setTimeout as after } from "node:timers/promises";
import { execa } from "execa";
import { fail, reasonOf, type SshTrustError } from "../errors/catalogue.js";
import { printable } from "../ground/printable.js";
import { endWithDescendants, endWithUs, type Program } from "./end-process.js";
import { Held, KeptLines, Overheard } from "./kept.js";
import type { LogChannel } from "./log-channel.js";
import { LogReader, type LogLine } from "./log.js";

export interface Asked {
  /** ssh's own. */
  readonly log: readonly LogLine[];
  /** By the secret name that ssh was called by: log.ts. */
  readonly secretlySigned: boolean;
  /** What others wrote to its standard error: a greeting, the command, the ssh of a jump host. */
  readonly others: readonly LogLine[];
  /** Characters of others' that were left out. */
  readonly leftOut: number;
  /** Milliseconds until it ended. */
  readonly took: number;
  /** It was stopped, because its time was over. */
  readonly stopped: boolean;
}

/** Lines of ssh's log that are kept of its beginning and of its end. */
const keptLines = [5000, 500] as const;
/** Characters that are passed on of each of what others write to standard output and to standard error. */
const passedOn = 262_144;
/** Milliseconds that ssh has to end when it is told to, and that its outputs have to end after it. */
const grace = 500;

/**
 * Runs ssh from PATH to its end. It asks at the terminal, which is not its standard input: nothing is read from there.
 * @param said what comes from others than ssh itself, line by line, as it comes
 * @throws USAGE where ssh does not take an option: it says so before it opens its log
 */
export async function askSsh(
  args: readonly string[],
  channel: LogChannel,
  timeoutSeconds: number,
  said: (text: string) => void,
): Promise<Asked> {
  const start = performance.now();
  const now = () => performance.now() - start;
  const reader = new LogReader();
  const log = new KeptLines(keptLines);
  const keep = (lines: readonly LogLine[]) => {
    for (const line of lines) log.add(line);
  };
  // Before its log ssh speaks of its arguments only, which an error quotes.
  const held = new Held(said);
  const pass = (text: string) => {
    held.say(text);
  };
  channel.onText = (text) => {
    held.letGo();
    keep(reader.feed(text, now()));
  };
  // By this name it signs its log: log.ts. As there is no such file, the ssh of a jump host is "ssh" again.
  const argv0 = `/${randomBytes(8).toString("hex")}/ssh`;
  const settled = { buffer: false, reject: false, cleanup: false, forceKillAfterDelay: grace } as const; // cleanup: endWithUs
  const ssh = execa("ssh", args, { argv0, stdin: "ignore", ...settled });
  const others: LogLine[] = [];
  const printed = overhear(ssh.stdout, pass);
  const complained = overhear(ssh.stderr, (text) => {
    others.push({ at: now(), by: "others", level: "", where: "", text });
    pass(text);
  });
  const stopped = await ended(ssh, timeoutSeconds);
  channel.drain();
  keep(reader.end(now()));
  const took = now();
  // A process that ssh left behind may hold them open: the master of a shared connection to a jump host, say.
  await Promise.race([ssh, after(grace, undefined, { ref: false })]);
  ssh.stdout.destroy();
  ssh.stderr.destroy();
  const result = await ssh;
  const lines = log.lines();
  if (lines.length === 0 && !stopped) throw notStarted(others, result);
  held.letGo();
  return {
    log: lines,
    secretlySigned: reader.isSignedAs(argv0),
    others,
    leftOut: printed.leftOut + complained.leftOut,
    took,
    stopped,
  };
}

/** Waits for ssh's end, and ends it when its time is over. @returns whether that was necessary */
async function ended(
  ssh: Program & PromiseLike<unknown> & { once: (event: "exit", listener: () => void) => unknown },
  seconds: number,
): Promise<boolean> {
  const hasEnded = endWithUs(ssh);
  let stopped = false;
  const timer = setTimeout(() => {
    stopped = true;
    endWithDescendants(ssh);
  }, seconds * 1000);
  const exit = new Promise<void>((resolve) => {
    ssh.once("exit", resolve);
  });
  await Promise.race([exit, ssh]); // it may not even start
  clearTimeout(timer);
  hasEnded();
  return stopped;
}

/** Why ssh logged nothing. What it says then is about its arguments, and comes before any host. */
function notStarted(others: readonly LogLine[], result: unknown): SshTrustError {
  const complaints = others.map(({ text }) => printable(text.trim())).filter((text) => text !== "");
  if (complaints.length === 0) return fail("INTERNAL", { what: reasonOf(result) }, result);
  return fail("USAGE", { what: `ssh does not take this: ${complaints.join("\n")}`, help: "man ssh" });
}

/** Passes a stream on in lines, as far as there is room. */
function overhear(stream: Readable, said: (text: string) => void): Overheard {
  const overheard = new Overheard(passedOn);
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    overheard.feed(text).forEach(said);
  });
  stream.once("close", () => {
    overheard.end().forEach(said);
  });
  return overheard;
}
