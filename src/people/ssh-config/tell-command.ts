/**
 * What ssh runs before it logs in to a host of the fleet, by `Match exec` of ssh_config(5): where no certificate can come, it says why on
 * standard error, as ssh itself will say "Permission denied" only. It starts no program of ours, and never matches.
 */
import { basename, dirname } from "node:path";
import type { AgentPlace } from "../agent/place.js";

/**
 * For any shell that a person may have: one command, whose words have no quotes in them. It stands in double quotes in ssh's configuration.
 * The folder may be another user's, where it was not there for a while: nothing of it is read then, let alone printed.
 * @returns undefined where a path cannot stand there
 */
export function tellCommand({ pid, notice }: Pick<AgentPlace, "pid" | "notice">): string | undefined {
  const folder = dirname(pid);
  if (dirname(notice) !== folder || /['"\\%!]|\p{Cc}/u.test(folder)) return undefined;
  const [running, why] = [basename(pid), basename(notice)];
  const none = "echo ssh-trust: the agent is not running: ssh-trust login, or ssh-trust agent start";
  // Without IFS and patterns, a path with blanks needs no quotes.
  const isThere = `cd $1 && test -O . && read p <${running} && kill -0 $p`;
  const script = `IFS=; set -f; if { ${isThere}; } 2>/dev/null; then test -s ${why} && cat ${why} >&2; else ${none} >&2; fi; false`;
  return `/bin/sh -c '${script}' sh '${folder}'`;
}
