/** `ssh-trust ssh --pin`: ssh, to a host that has no certificate, held to the keys that the directory tells. */
import { isIP } from "node:net";
import type { Command } from "commander";
import { loginPinned } from "../directory/pin/pinned-login.js";
import { pinnedKeys } from "../directory/pin/pinned-keys.js";
import { fail, isFailure } from "../errors/catalogue.js";
import { problemOfHostName } from "../fleet/names.js";
import { printable } from "../ground/printable.js";
import { rememberHosts } from "../people/remembered-names.js";
import { childEnvironment } from "../settings/login.js";
import { readSignInSettings } from "../settings/sign-in.js";
import { readSshArguments } from "../ssh/client/arguments.js";
import type { ClientConfig } from "../ssh/client/config.js";
import { finishAs, handSignalsTo, signalOf } from "../terminal/main.js";
import { say, talkInLines } from "../terminal/report.js";
import { atDirectory } from "./at-directory.js";
import { describeAge } from "./show-directory.js";
import type { SignInOptions } from "./signed-in.js";

export interface AskedPinned {
  /** ssh's, all of them. */
  readonly args: readonly string[];
  readonly options: SignInOptions;
  readonly config: ClientConfig;
}

/** @throws PIN_…, DIRECTORY_…, HOST_NAME_INVALID */
export async function sshPinned(command: Command, { args, options, config }: AskedPinned): Promise<void> {
  const name = nameOf(args, config);
  const problem = problemOfHostName(name);
  if (problem !== undefined) throw fail("HOST_NAME_INVALID", { name: printable(name), problem });
  const host = await atDirectory("ssh", options, signalOf(command), (directory) =>
    directory.host(name).catch((error: unknown) => {
      if (isFailure(error, "DIRECTORY_HOST_UNKNOWN")) throw fail("PIN_HOST_UNKNOWN", { name }, error);
      throw error;
    }),
  );
  const pinned = pinnedKeys(host, `${printable(config.user)}@${name}`);
  if (host.stale) talkInLines(describeAge(host));
  await rememberHosts(readSignInSettings().state, [name]); // for completion
  const running = (pass: (signal: NodeJS.Signals) => void) => handSignalsTo(command, pass);
  finishAs(await loginPinned({ pinned, args, config, env: childEnvironment(), say, running }));
}

/** HostKeyAlias or HostName, as for any login; where that is an address, the directory knows the host by the name that was typed. */
function nameOf(args: readonly string[], { name }: ClientConfig): string {
  const { destination } = readSshArguments(args);
  if (isIP(name) === 0 || destination === undefined) return name;
  const typed = (args[destination] ?? "").replace(/^ssh:\/\//, "").replace(/^.*@/, "");
  return typed.replace(/[:/].*$/, "");
}
