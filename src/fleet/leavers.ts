/** How long somebody who leaves may still get in: the price of certificates, which nobody can call back. */
import { formatDuration } from "../ground/duration.js";
import { printable } from "../ground/printable.js";
import type { AccessRule, Fleet, GroupMethod, PeopleGroup } from "./fleet.js";

/**
 * For each rule, how long somebody who is removed from its people may still log in, at most; and what no removal ends.
 * Taken out of an identity group of Vault, or disabled there as an entity, a person has no further certificate signed: the last ones run
 * out. Who is taken out of a group at the identity provider has them signed until the sign-in ends, as Vault asks the provider again
 * only then.
 * @returns a line of text for each rule, in the file's order, and one about open sessions; empty where there are no rules. Durations are
 *   written as in the file, such as 1h1m; the texts may change with any version
 * @example
 * ```ts
 * import { describeLeavers, readFleetFile } from "ssh-trust";
 *
 * const [first] = describeLeavers(await readFleetFile("ssh-trust.yaml"));
 * console.log(first); // platform-web: 1m; after leaving the oidc group platform-team 1h1m (disabling the entity acts at once)
 * ```
 */
export function describeLeavers(fleet: Fleet): readonly string[] {
  const rules = fleet.access.map((rule) => {
    const people = fleet.people.find((group) => group.name === rule.who);
    return [sayRule(rule), ...(people === undefined ? [] : describeSources(fleet, rule, people))].join("; ");
  });
  return rules.length === 0 ? [] : [...rules, "sessions that are open outlive a removal: they are ended on the hosts"];
}

/** The same after an apply, as it is told. @param before what was applied last: its certificates are still about */
export function describeLeaving(fleet: Fleet, before: Fleet | undefined): readonly string[] {
  const lines = describeLeavers(withRulesBefore(fleet, before)).map((line) => `  ${line}`);
  const first = "somebody who leaves a group of people, or loses a rule, may still log in for, at most:";
  return lines.length === 0 ? [] : [first, ...lines];
}

/** A fleet whose rules last as long as those of the one before, where that is longer: its certificates are still about. */
export function withRulesBefore(fleet: Fleet, before: Fleet | undefined): Fleet {
  if (before === undefined) return fleet;
  const had = new Map(before.access.map((rule) => [rule.name, rule]));
  const longer = fleet.access.map((rule) => {
    const old = had.get(rule.name);
    if (old === undefined) return rule;
    const reserve = Math.max(rule.reserve ?? 0, old.reserve ?? 0);
    return { ...rule, for: Math.max(rule.for, old.for), reserve: reserve === 0 ? undefined : reserve };
  });
  const gone = before.access.filter(({ name }) => !fleet.access.some((rule) => rule.name === name));
  const people = [...fleet.people, ...before.people.filter(({ name }) => !fleet.people.some((group) => group.name === name))];
  return { ...fleet, people, access: [...longer, ...gone] };
}

/** In seconds. Both certificates are made while Vault answers: they run side by side, and the longer one counts. */
export const lifeOf = (rule: AccessRule): number => Math.max(rule.for, rule.reserve ?? 0);

function sayRule(rule: AccessRule): string {
  const life = `${rule.name}: ${formatDuration(lifeOf(rule))}`;
  return lifeOf(rule) === rule.for ? life : `${life} with the reserve certificate, ${formatDuration(rule.for)} without`;
}

function describeSources(fleet: Fleet, rule: AccessRule, people: PeopleGroup): readonly string[] {
  const outside = people.members.map(
    ({ method, group }) => `after leaving the ${method} group ${printable(group)} ${sayUntilSignIn(fleet, rule, method)}`,
  );
  // Vault's own groups act at once; whether one is a provider's group is not in the file
  const inside = people.identityGroups.map(
    (name) =>
      `after leaving Vault's group ${printable(name)} ${formatDuration(lifeOf(rule))}, ` +
      "and as long as a sign-in more where an identity provider says who is in it",
  );
  const all = [...outside, ...inside];
  return all.map((text, index) => (index === all.length - 1 ? `${text} (disabling the entity acts at once)` : text));
}

/** A certificate may be signed at the last moment of a sign-in, and then lives its whole life. */
function sayUntilSignIn(fleet: Fleet, rule: AccessRule, method: GroupMethod): string {
  const methods = fleet.signIn.filter((one) => one.method === method);
  const sessions = methods.flatMap((one) => (one.ours ? [one.session] : []));
  // a method that is not ours decides by itself how long its tokens live
  if (methods.length === 0 || sessions.length < methods.length)
    return `as long as its own tokens live, and ${formatDuration(lifeOf(rule))} more`;
  return formatDuration(Math.max(...sessions) + lifeOf(rule));
}
