/** The way that ssh's log takes to us, and nothing else: a named pipe, for `ssh -E`. */
import { constants, openSync, readSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { execa } from "execa";
import { fail } from "../errors/catalogue.js";

export interface LogChannel extends AsyncDisposable {
  readonly path: string;
  /** Called with what arrives, as it arrives. */
  onText: (text: string) => void;
  /** Hands over what is still in the pipe; after ssh's end, that is the rest. */
  drain: () => void;
}

/**
 * Makes a pipe that nobody else can write to. ssh closes what it inherits before it reads its options, so it has to open the pipe
 * by its name; /dev/fd/3 would not do. A named pipe, unlike a file, holds little, and says at once when something arrives.
 * @throws TOOL_MISSING
 */
export async function openLogChannel(): Promise<LogChannel> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-trace-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, "log");
  try {
    await makePipe(path);
    // For writing too: so it neither waits for ssh to open the other end, nor ends when ssh has closed it.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return read(fd, path, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makePipe(path: string): Promise<void> {
  try {
    await execa("mkfifo", ["-m", "600", path]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw fail(
      "TOOL_MISSING",
      {
        tool: "mkfifo",
        why: "it makes the pipe for ssh's log",
        how: { say: "install it", run: "sudo apt-get install coreutils" },
      },
      error,
    );
  }
}

function read(fd: number, path: string, remove: () => Promise<void>): LogChannel {
  const decoder = new StringDecoder("utf8");
  const socket = new Socket({ fd, readable: true, writable: false });
  const channel: LogChannel = {
    path,
    onText: () => undefined,
    drain: () => {
      for (let bytes = readNow(fd); bytes !== undefined; bytes = readNow(fd)) channel.onText(decoder.write(bytes));
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      await remove();
    },
  };
  socket.on("data", (bytes: Buffer) => {
    channel.onText(decoder.write(bytes));
  });
  // ssh has opened it: its name is needed no more, and no interruption can leave it behind.
  socket.once("data", () => void remove());
  return channel;
}

/** What can be read without waiting; undefined for nothing. */
function readNow(fd: number): Buffer | undefined {
  const bytes = Buffer.alloc(65_536);
  try {
    const length = readSync(fd, bytes);
    return length === 0 ? undefined : bytes.subarray(0, length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}
