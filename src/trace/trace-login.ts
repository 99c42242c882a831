import { randomBytes } from "node:crypto";
import { askSsh } from "./ask-ssh.js";
import { layOut } from "./lay-out.js";
import { openLogChannel } from "./log-channel.js";
import { readOwnCertificates } from "./own-certificates.js";
import { checkRequest, sshArguments, type TraceRequest } from "./request.js";
import { readRevokedKeys } from "./revoked-keys.js";
import { sshVersion } from "./ssh-version.js";
import type { Trace } from "./trace.js";

/**
 * Logs in with ssh from PATH, as the person would, and lays out what happened. A login that is refused is a trace too.
 *
 * Where ssh has a question (a new host's key, a password) it asks at the terminal; without one it refuses by itself.
 * @param said what others wrote meanwhile, line by line, as it came: it may hold anything; after 256 KiB it ends
 * @throws USAGE, TOOL_MISSING, TOOL_TOO_OLD
 * @example
 * ```ts
 * import { traceLogin } from "ssh-trust";
 *
 * const options = ["-p", "3022", "-i", "id_ed25519"];
 * const trace = await traceLogin({ destination: "admin-ssh-user@localhost", command: ["whoami"], options, timeoutSeconds: 30 });
 * console.log(trace.phases.map(({ stage }) => stage).includes("host")); // true
 * console.log(trace.refusal?.kind ?? "logged in"); // logged in
 * ```
 */
export async function traceLogin(request: TraceRequest, said: (text: string) => void = () => undefined): Promise<Trace> {
  checkRequest(request);
  const version = await sshVersion();
  await using channel = await openLogChannel();
  const word = randomBytes(16).toString("hex");
  const args = sshArguments(request, { log: channel.path, word, version });
  const startedAt = new Date();
  const { stopped, ...asked } = await askSsh(args, channel, request.timeoutSeconds, said);
  return layOut({
    ...asked,
    destination: request.destination,
    command: request.command.length === 0 ? "true" : request.command.join(" "),
    version: version.name,
    startedAt,
    word,
    stoppedAfter: stopped ? request.timeoutSeconds : undefined,
    certificates: await readOwnCertificates(asked.log),
    revokedKeys: await readRevokedKeys(asked.log),
  });
}
