import { askSsh, sshVersion } from "./ask-ssh.js";
import { layOut } from "./lay-out.js";
import { readOwnCertificates } from "./own-certificates.js";
import { sshArguments, type TraceRequest } from "./request.js";
import type { Trace } from "./trace.js";

/**
 * Logs in with ssh from PATH, as the person would, and lays out what happened. A login that is refused is a trace too.
 *
 * Where ssh has a question (a new host's key, a password) it asks at the terminal; without one it refuses by itself.
 * @param said what others wrote meanwhile, line by line, as it came: it may hold anything
 * @throws USAGE, TOOL_MISSING, TOOL_TOO_OLD
 */
export async function traceLogin(request: TraceRequest, said: (text: string) => void = () => undefined): Promise<Trace> {
  const args = sshArguments(request);
  const version = await sshVersion();
  const startedAt = new Date();
  const { log, took, stopped } = await askSsh(args, request.timeoutSeconds, said);
  return layOut({
    destination: request.destination,
    command: request.command.length === 0 ? "true" : request.command.join(" "),
    version,
    startedAt,
    took,
    log,
    stoppedAfter: stopped ? request.timeoutSeconds : undefined,
    certificates: await readOwnCertificates(log),
  });
}
