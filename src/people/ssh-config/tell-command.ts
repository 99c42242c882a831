/**
 * What ssh runs before it logs in to a host of the fleet, by `Match exec` of ssh_config(5): where no certificate can come, it says why on
 * standard error, as ssh itself will say "Permission denied" only. It starts no program of ours, and never matches.
 */
import { programName } from "../../settings/program.js";

/**
 * For any shell that a person may have: one command, whose words have no quotes in them. It stands in double quotes in ssh's configuration.
 * @param socket of the agent. @param notice the file that says why nobody can log in by it
 * @returns undefined where a path cannot stand there
 */
export function tellCommand(socket: string, notice: string): string | undefined {
  if ([socket, notice].some((path) => /['"\\%!]|\p{Cc}/u.test(path))) return undefined;
  // Without IFS and patterns, paths with blanks need no quotes.
  const none = `echo ssh-trust: no agent runs: ${programName()} login, or ${programName()} agent start`;
  const script = `IFS=; set -f; test -S $1 || ${none} >&2; test -s $2 && cat $2 >&2; false`;
  return `/bin/sh -c '${script}' sh '${socket}' '${notice}'`;
}
