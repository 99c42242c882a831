/** Who is signed in, in words. */
import { formatDuration } from "../../ground/duration.js";
import { moment } from "../../ground/moment.js";
import { printable } from "../../ground/printable.js";
import type { Fleet, AccessRule } from "../../fleet/fleet.js";
import { rulesOf, type Me } from "../../people/me.js";
import { programName } from "../../settings/program.js";
import { unbroken } from "../../terminal/wrap.js";
import type { Kept, NotKept } from "../../people/ssh-config/keep-current.js";
import type { NewSession } from "./new-session.js";

export const describeSignedIn = ({ session, me, stored, keptIn, config, ofAgent }: NewSession): readonly string[] => [
  `${printable(me.name)} is signed in at ${session.address}${untilWords(session.until)}; the token is kept in ${printable(keptIn)}`,
  ...(stored === undefined
    ? ["in no group of people of the fleet, so nothing can be signed; ask the team that invites people"]
    : describeRules(stored.fleet, me)),
  ...(config === undefined ? [] : describeKept(config)),
  ...ofAgent,
];

/** What became of what `config install` wrote: nothing is said where nothing is to be done. */
export function describeKept(kept: Kept | NotKept): readonly string[] {
  if ("problem" in kept) return [`what config install wrote for ssh no longer matches the fleet: ${printable(kept.problem)}`];
  const { did, below, shared, again } = kept;
  const command = unbroken(`${programName()} ${again}`);
  return [
    ...(did === "written" ? ["what config install wrote for ssh was updated to the fleet as it is now"] : []),
    ...(below.length === 0
      ? []
      : [`the fleet now has names below ${below.join(", ")}, which you have not accepted; to tell ssh of them: ${command}`]),
    ...shared.map(
      ({ name, server }) =>
        `the fleet now has ${name}, which ${printable(server)} has here, too; to say which of them ssh follows: ${command}`,
    ),
  ];
}

/** @param until milliseconds since 1970 */
export const untilWords = (until: number | undefined, now = Date.now()): string =>
  until === undefined ? "" : ` until ${moment(new Date(until))} (${inWords(Math.max(0, Math.round((until - now) / 1000)))})`;

/** Minutes are enough for hours. */
const inWords = (seconds: number) => formatDuration(seconds >= 3600 ? seconds - (seconds % 60) : seconds);

/** What somebody may do, a line for each rule: `may log in to web (web-*.example.org) as deploy, ops, for 1m each`. */
export function describeRules(fleet: Fleet, me: Pick<Me, "policies">): readonly string[] {
  const rules = rulesOf(fleet, me);
  return rules.length === 0 ? ["no rule of the fleet lets you log in anywhere"] : rules.map((rule) => describeRule(fleet, rule));
}

function describeRule(fleet: Fleet, { name, on, as, for: life, with: permitted, reserve }: AccessRule): string {
  const names = fleet.hosts.find((group) => group.name === on)?.names ?? [];
  const more = permitted.filter((each) => each !== "pty");
  return [
    `may log in to ${on} (${names.join(", ")}) as ${as.join(", ")}, for ${formatDuration(life)} each`,
    ...(more.length === 0 ? [] : [`with ${more.join(", ")}`]),
    ...(permitted.includes("pty") ? [] : ["without a terminal"]),
    ...(reserve === undefined ? [] : [`reserve ${formatDuration(reserve)}`]),
  ]
    .join("; ")
    .concat(`  [${name}]`);
}
