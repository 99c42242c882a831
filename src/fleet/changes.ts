/** What a new fleet file means for access, in words, for whoever reviews it. */
import type { Fleet } from "./fleet.js";
import { describeAccess } from "./changes/access.js";
import type { Change } from "./changes/change.js";
import { describeDomains, describeHosts } from "./changes/hosts.js";
import { describePeople } from "./changes/people.js";
import { followRenamedGroups } from "./changes/renamed.js";
import { describeSettingUp } from "./changes/setting-up.js";
import { describeSignIn } from "./changes/sign-in.js";

export type { Change } from "./changes/change.js";

const order: readonly Change["kind"][] = ["withdraws", "grants", "changes"];

/**
 * Every difference between two fleets, and nothing where only the order of lists differs; withdrawals first. What counts is who may log
 * in where as whom with what: a rule with another name, or an account that another rule gives too, is told as such. Without a
 * fleet before, it is all that the first one grants.
 * @param before the fleet as it was applied last; undefined where none was
 * @returns each change with its kind, and a text for people, which may change with any version
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { describeChanges, parseFleet, readFleetFile } from "ssh-trust";
 *
 * const before = await readFleetFile("ssh-trust.yaml");
 * const edited = (await readFile("ssh-trust.yaml", "utf8")).replace("as: [deploy, ops]", "as: deploy");
 * const [change] = describeChanges(before, parseFleet(edited, "ssh-trust.yaml"));
 * console.log(change?.kind, change?.text); // withdraws platform may no longer log in as ops on web
 * ```
 */
export function describeChanges(before: Fleet | undefined, after: Fleet): readonly Change[] {
  const { told, before: renamed } = followRenamedGroups(before ?? grantNothing(after), after);
  const all = [
    ...describeAccess(renamed.access, after.access),
    ...told,
    ...describePeople(renamed.people, after.people),
    ...describeHosts(renamed.hosts, after.hosts),
    ...describeDomains(renamed.domains, after.domains),
    ...describeSignIn(renamed, after),
    ...describeSettingUp(renamed, after),
  ];
  return order.flatMap((kind) => all.filter((change) => change.kind === kind));
}

const grantNothing = (fleet: Fleet): Fleet => ({ ...fleet, domains: [], hosts: [], people: [], access: [], signIn: [] });
