/**
 * A login to a host without certificates, held to the keys that the directory tells. ssh checks them itself, in the connection that it
 * makes: there is no moment between looking and connecting in which another host could step in.
 */
import { watch } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import { startForeground } from "../../people/login/foreground.js";
import { privateFolder } from "../../people/login/private-folder.js";
import type { Env } from "../../settings/reader.js";
import { withoutOption } from "../../ssh/client/arguments.js";
import type { ClientConfig } from "../../ssh/client/config.js";
import { describeDifference, shownKeys, withRefused } from "./look.js";
import { pinOptions } from "./pin-options.js";
import type { PinnedKeys } from "./pinned-keys.js";
import { readSshSays } from "./ssh-says.js";

export interface PinnedLogin {
  readonly pinned: PinnedKeys;
  /** ssh's, all of them. */
  readonly args: readonly string[];
  readonly config: ClientConfig;
  readonly env: Env;
  /** Gets what ssh says. */
  readonly say: (text: string) => void;
  /** Is handed what passes signals on to ssh. @returns what is called when it has ended */
  readonly running: (pass: (signal: NodeJS.Signals) => void) => () => void;
}

/** @returns ssh's exit status @throws PIN_KEYS_DIFFER; TOOL_MISSING; what privateFolder throws */
export async function loginPinned({ pinned, args, config, env, say, running }: PinnedLogin): Promise<number> {
  await using folder = await privateFolder();
  const [knownHosts, log] = ["known_hosts", "log"].map((name) => join(folder.path, name)) as [string, string];
  await writeFile(knownHosts, pinned.knownHosts, { mode: 0o600, flag: "wx" });
  await writeFile(log, "", { mode: 0o600, flag: "wx" });
  const { name, algorithms } = pinned;
  const options = pinOptions({ name, knownHosts, algorithms, log }, config);
  const says = readSshSays();
  const isQuiet = ["SILENT", "QUIET"].includes(config.logLevel);
  const tell = (text: string) => {
    if (text !== "" && !isQuiet) say(text);
  };
  const following = await follow(log, (text) => {
    tell(says.take(text));
  });
  // Where the person wants ssh to be quiet, it still has to say why it ended; that goes no further.
  const given = ["SILENT", "QUIET", "FATAL"].includes(config.logLevel)
    ? ["-o", "LogLevel=ERROR", ...withoutOption(args, "q")]
    : args;
  // Its log goes to a file of ours, and not to another (-E) or to syslog (-y).
  const ssh = startForeground("ssh", [...options, ...withoutOption(withoutOption(given, "E"), "y")], env);
  const takeBack = running(ssh.pass);
  let status: number;
  try {
    status = await ssh.ended;
  } finally {
    takeBack();
    await following.end();
  }
  tell(says.end());
  if (!says.refused() || status !== 255) return status;
  const seen = withRefused(pinned, await shownKeys(pinned, args, config, folder.path, env), says.shown());
  throw fail("PIN_KEYS_DIFFER", { name, keys: describeDifference(pinned, seen) });
}

/** Reads what is appended to a file. */
async function follow(file: string, take: (text: string) => void): Promise<{ readonly end: () => Promise<void> }> {
  const handle = await open(file, "r");
  const decoder = new TextDecoder();
  let reading = Promise.resolve();
  const read = async () => {
    const buffer = Buffer.alloc(64 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      take(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    }
  };
  const more = () => (reading = reading.then(read));
  const watching = watch(file, () => void more());
  return {
    async end() {
      watching.close();
      await more();
      await handle.close();
    },
  };
}
