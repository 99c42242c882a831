/** What is said of people who were invited, reset or removed. */
import { lifeOf } from "../../../fleet/leavers.js";
import type { StoredFleet } from "../../../fleet/stored.js";
import { formatDuration } from "../../../ground/duration.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import type { Invitation } from "../../../people/invitation.js";
import type { PersonToRemove, RemovedPerson } from "../../../people/register/remove.js";
import { programName } from "../../../settings/program.js";
import { moment } from "../../times.js";
import { unbroken } from "../../../terminal/wrap.js";

export interface InvitedTo {
  readonly verb: "add" | "reset";
  readonly name: string;
  readonly groups: readonly string[];
  readonly out: string | undefined;
  readonly invitation: Invitation;
  /** The address that this machine goes to. */
  readonly asked: string;
}

export function describeInvited({ verb, name, groups, out, invitation, asked }: InvitedTo): readonly string[] {
  const { until, ca, vault } = invitation;
  const file = out === undefined ? "<file>" : shellWord(out);
  return [
    verb === "add"
      ? `${name} is invited, to ${listed(groups)}; the invitation can be used once, until ${moment(until)}`
      : `${name} is invited again${groups.length === 0 ? "" : `, and in ${listed(groups)}, too`}; the invitation can be used once, until ${moment(until)}`,
    ...(verb === "reset"
      ? ["the old password, second factor and sign-ins no longer work; what was signed is accepted until it expires"]
      : []),
    ...(asked === vault ? [] : [`the invitation has the fleet's address of Vault, ${printable(vault)}`]),
    ...(ca.length === 0 ? [] : ["the certificates in VAULT_CACERT are included: the invited person trusts these CAs for Vault"]),
    `send it over a channel that you trust: the first who opens it can sign in as ${name}; the next one is told that it was opened`,
    `next: ${name} signs in with it, and chooses a password`,
    `  ${unbroken(`${programName()} login --invitation ${file}`)}`,
  ];
}

const listed = (groups: readonly string[]) => (groups.length === 1 ? "the group " : "the groups ") + groups.join(", ");

/** Before a removal. */
export function describeRemoval({ name, method, groups, alsoAt, isKept }: PersonToRemove): readonly string[] {
  const who = printable(name);
  const elsewhere = alsoAt.map(printable).join(", ");
  return [
    `${who} signs in with ${method}, and is in ${groups.length === 0 ? "no group" : listed(groups)}`,
    `all sign-ins of ${who} end at once${elsewhere === "" ? "" : `, those at ${elsewhere} too`}, and nothing more is signed`,
    isKept
      ? `${who} is disabled in Vault, and kept there`
      : `user and second factor are deleted in Vault, and the name is free again`,
  ];
}

/** Before a reset. @param groups that the person is in @param added those that are named for it */
export const describeReset = (name: string, groups: readonly string[], added: readonly string[]): readonly string[] => {
  const all = [...new Set([...groups, ...added])];
  return [
    `password, second factor and all sign-ins of ${name} end at once: a new invitation is the only way in`,
    `${name} ${all.length === groups.length ? "stays" : "is then"} in ${all.length === 0 ? "no group" : listed(all)}`,
  ];
};

/** @param now by Vault's clock */
export function describeRemoved(removed: RemovedPerson, { fleet }: StoredFleet, now: Date): readonly string[] {
  const { method, groups, kept, alsoAt } = removed;
  const name = printable(removed.name);
  // Of somebody whose groups are gone already, it is not known what was signed.
  const rules = fleet.access.filter(({ who }) => groups.length === 0 || groups.includes(who));
  const longest = Math.max(0, ...rules.map(lifeOf));
  const signed =
    longest === 0
      ? "no rule had anything signed"
      : `what was signed just before is accepted for ${formatDuration(longest)} at most, until ${moment(new Date(now.getTime() + longest * 1000))}`;
  return [
    `${name} can no longer have anything signed, and earlier sign-ins have ended; ${signed}`,
    "open sessions continue: they are ended on the hosts",
    ...(kept === undefined
      ? [`the name ${name} is free: the next person who is invited with it gets nothing of this person's`]
      : [
          `${name} is disabled, and kept: without that, ${method === "userpass" ? `a sign-in at ${alsoAt.join(", ")}` : "the next sign-in"} would let ${name} in again`,
          "to let them in again, with the token of somebody who may change entities:",
          `  ${unbroken(`vault write identity/entity/id/${kept} disabled=false`)}`,
        ]),
    ...(kept === undefined || method === "userpass" || alsoAt.length === 0
      ? []
      : [`the same person signs in at ${alsoAt.map(printable).join(", ")}, and is refused there as well`]),
  ];
}
