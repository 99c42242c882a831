/** What is asked of ssh, checked before it is. */
import { fail } from "../errors/catalogue.js";
import { verb } from "../errors/hint.js";
import { isAtLeast, type SshVersion } from "./ssh-version.js";

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

/** What one run of ssh is given beside the request. */
export interface Run {
  /** Where ssh writes its log to. */
  readonly log: string;
  /** The secret word that it says when it begins the session: log.ts. */
  readonly word: string;
  readonly version: SshVersion;
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

/** The command is run, and ssh waits for its end. OpenSSH has had these in its configuration since 8.7. */
const forcedSince87 = [
  ["SessionType", "default"],
  ["ForkAfterAuthentication", "no"],
] as const;

/** @throws USAGE */
export function checkRequest({ destination, timeoutSeconds }: TraceRequest): void {
  const refuse = (what: string) => fail("USAGE", { what, help: verb("trace --help") });
  if (destination === "") throw refuse("the destination is empty");
  if (destination.startsWith("-")) throw refuse(`the destination ${JSON.stringify(destination)} looks like an option`);
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(destination)) throw refuse("the destination holds control characters");
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 86_400) {
    throw refuse("the time-out is not in whole seconds, from 1 to 86400");
  }
}

/** ssh's arguments. */
export function sshArguments({ destination, command, options }: TraceRequest, { log, word, version }: Run): string[] {
  const settings = [
    ...forced,
    ["LocalCommand", word],
    ...(isAtLeast(version, { major: 8, minor: 7 }) ? forcedSince87 : []),
  ].flatMap((setting) => ["-o", setting.join("=")]);
  return ["-E", log, ...settings, "-T", ...options, "--", destination, ...(command.length === 0 ? ["true"] : command)];
}
