/** Runs ssh and reads its log, each line with the time at which it came. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { fail, reasonOf } from "../../errors.js";
import { runOpenSsh } from "../openssh.js";
import { LogReader, type LogLine } from "./log.js";

export interface Asked {
  readonly log: readonly LogLine[];
  /** Milliseconds until it ended. */
  readonly took: number;
  /** It was stopped, because its time was over. */
  readonly stopped: boolean;
}

/** LogVerbose is of OpenSSH 8.5. */
const oldest = [8, 5] as const;

/**
 * Such as "OpenSSH_9.2p1".
 * @throws TOOL_MISSING, TOOL_TOO_OLD
 */
export async function sshVersion(): Promise<string> {
  const { stderr } = await runOpenSsh("ssh", ["-V"], 10);
  const [version = stderr.trim(), major = "", minor = ""] = /OpenSSH\S*?_(\d+)\.(\d+)\w*/.exec(stderr) ?? [];
  const tooOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  if (major !== "" && tooOld) {
    throw fail("TOOL_TOO_OLD", {
      tool: "ssh",
      version,
      needed: "OpenSSH 8.5",
      how: "upgrade it: sudo apt-get install openssh-client",
    });
  }
  return version;
}

/**
 * Runs ssh from PATH to its end. It asks at the terminal, which is not its standard input: nothing is read from there.
 * @param said what comes from others than ssh itself, as it comes: a greeting, the command's output
 */
export async function askSsh(args: readonly string[], timeoutSeconds: number, said: (text: string) => void): Promise<Asked> {
  const reader = new LogReader();
  const log: LogLine[] = [];
  const start = performance.now();
  const now = () => performance.now() - start;
  const keep = (lines: readonly LogLine[]) => {
    log.push(...lines);
    for (const { by, text } of lines) if (by === "others") said(text);
  };
  const timeout = timeoutSeconds * 1000;
  const ssh = execa("ssh", args, { stdin: "ignore", buffer: false, reject: false, timeout });
  createInterface(ssh.stdout).on("line", said);
  ssh.stderr.setEncoding("utf8").on("data", (text: string) => {
    keep(reader.feed(text, now()));
  });
  const result = await ssh;
  keep(reader.end(now()));
  if (result.code !== undefined && log.length === 0) throw fail("INTERNAL", { what: reasonOf(result) }, result);
  return { log, took: now(), stopped: result.timedOut };
}
