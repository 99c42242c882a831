/** How a login ended, in the words of the matrix. The reasons are OpenSSH's, which says them a little otherwise in each version. */
import { account } from "../story.js";
import type { Executed } from "../docker/exec.js";

export const accepted = "accepted";
export const refused = (reason: string): string => `refused: ${reason}`;

/** Certificates are checked in one order: the first that fits is why. */
const reasons: readonly (readonly [reason: string, pattern: RegExp])[] = [
  ["another name", /name is not a listed principal|name does not match|does not contain an authorized principal/i],
  ["no principals", /lacks principal list|lacks principals|no principals|empty principals/i],
  ["expired", /certificate (?:invalid: )?(?:has )?expired/i],
  ["not valid yet", /not yet valid/i],
  ["a user's certificate", /not a host certificate/i],
  ["a host's certificate", /not a user certificate/i],
  ["critical option", /critical option/i],
  ["from elsewhere", /not from a permitted source address/i],
  ["unknown CA", /No \S+ host key is known|debug2: .*CA \S+ \S+ is not listed in/i],
];

/** @param log what sshd wrote about it, where it is the host that refuses */
export function outcomeOf({ exit, stdout, stderr }: Executed, log = ""): string {
  if (exit === 0 && stdout.trim() === account) return accepted;
  const said = `${stderr}\n${log}`;
  const reason = reasons.find(([, pattern]) => pattern.test(said))?.[0];
  if (reason !== undefined) return refused(reason);
  const last = stderr
    .trim()
    .split("\n")
    .findLast((line) => !line.startsWith("debug1:"))
    ?.trim();
  return refused(last === undefined || last === "" ? `exit ${String(exit)}` : last.slice(0, 200));
}
