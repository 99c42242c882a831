/** What is asked of ssh, checked before it is. */
import { fail } from "../../errors.js";

export interface TraceRequest {
  /** As ssh takes it: `host`, `user@host`, `ssh://user@host:port`. */
  readonly destination: string;
  /** The command to run there; "true" where it is empty. */
  readonly command: readonly string[];
  /** Options of ssh's own, as `-p`, `2022`. */
  readonly options: readonly string[];
  /** After so many seconds ssh is stopped. */
  readonly timeoutSeconds: number;
}

/** These come first, and for ssh the first value counts: whatever the person's configuration says. */
const forced = [
  // A login of its own: through a connection that is there already, nothing would be seen.
  ["ControlMaster", "no"],
  ["ControlPath", "none"],
  // What -vvv does, for this hop only: a jump host's ssh keeps quiet.
  ["LogLevel", "DEBUG3"],
  ["LogVerbose", "*"],
  // The login, and nothing beside it.
  ["RemoteCommand", "none"],
  ["ClearAllForwardings", "yes"],
  ["ForwardAgent", "no"],
  ["ForwardX11", "no"],
  ["Tunnel", "no"],
  ["AddKeysToAgent", "no"],
  ["UpdateHostKeys", "no"],
  ["PermitLocalCommand", "no"],
] as const;

/** @throws USAGE */
export function sshArguments({ destination, command, options, timeoutSeconds }: TraceRequest): string[] {
  const refuse = (what: string) => fail("USAGE", { what, help: "ssh-trust trace --help" });
  if (destination === "") throw refuse("the destination is empty");
  if (destination.startsWith("-")) throw refuse(`the destination ${JSON.stringify(destination)} looks like an option`);
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(destination)) throw refuse("the destination holds control characters");
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 86_400) {
    throw refuse("the time-out is not in whole seconds, from 1 to 86400");
  }
  const words = command.length === 0 ? ["true"] : command;
  return [...forced.flatMap((option) => ["-o", option.join("=")]), "-T", ...options, "--", destination, ...words];
}
