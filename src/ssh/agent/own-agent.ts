/** OpenSSH's ssh-agent, started for us alone, in a folder of ours: it ends with us, and the folder with it. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { Env } from "../../settings/reader.js";
import { missing } from "../openssh.js";

export interface OwnAgent extends AsyncDisposable {
  /** Its socket. */
  readonly socket: string;
}

/** The shortest sun_path of the systems that OpenSSH runs on, without the zero byte at its end: unix(4) of the BSDs, unix(7). */
export const longestSocketPath = 103;

export const socketIn = (folder: string): string => join(folder, "agent");

/**
 * The agent lives as long as the command that it was given, and that waits for the end of its standard input, which is a pipe
 * from us: it closes also where we are killed. ssh-agent looks for its command's end every ten seconds only, so it is ended.
 */
const command = `trap '' HUP INT QUIT TERM
printf '%s\\n' "$SSH_AGENT_PID"
cat >/dev/null
kill "$SSH_AGENT_PID"
rm -rf -- "$1"`;

/**
 * @param folder of mode 0700, empty or with what is to vanish too; it is removed at the end
 * @throws LOGIN_AGENT_FAILED, TOOL_MISSING
 */
export async function startOwnAgent(folder: string, env: Env): Promise<OwnAgent> {
  const socket = socketIn(folder);
  // In a session of its own: no Ctrl-C of the terminal's reaches it.
  const running = spawn("ssh-agent", ["-a", socket, "sh", "-c", command, "sh", folder], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env,
  });
  running.unref();
  const ended = new Promise<void>((resolve) => {
    const over = () => {
      resolve();
    };
    running.once("close", over).once("error", over);
  });
  const dispose = async () => {
    running.ref(); // where nothing else is waited for, this is
    running.stdin.end();
    await ended;
  };
  try {
    await started(running);
    return { socket, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Its process id comes when the socket is there. */
function started(running: ChildProcessByStdio<Writable, Readable, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complained = "";
    running.stdin.on("error", () => undefined); // it ended by itself
    running.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) resolve();
    });
    running.stderr.setEncoding("utf8").on("data", (text: string) => {
      complained += text;
    });
    running.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT" ? missing("ssh-agent", error) : fail("LOGIN_AGENT_FAILED", { reason: reasonOf(error) }, error),
      );
    });
    running.once("close", () => {
      reject(fail("LOGIN_AGENT_FAILED", { reason: complained.trim().split("\n").at(-1) ?? "it ended" }));
    });
  });
}
