/**
 * What rules let people do, taken apart so that it can be compared: who, where, as which account, what, and by which rule.
 * Two rules may give the same; it is withdrawn when the last of them is gone.
 */
import type { AccessRule, Permission } from "../fleet.js";
import { groupBy, sortBy, unique } from "./compare.js";
import { inWords, reachOf, sayPermission, sortPermissions } from "./words.js";

/** To log in, to use something, or to go on from there to a group of hosts with a forwarded agent. */
export type Power = "login" | Permission | `to ${string}`;

export interface Grant {
  readonly account: string;
  readonly power: Power;
  readonly rule: AccessRule;
}

export const grantsOf = (rules: readonly AccessRule[]): readonly Grant[] =>
  sortBy(rules, (rule) => rule.name).flatMap((rule) =>
    unique(rule.as).flatMap((account) => {
      const reach = reachOf(rule).map((group): Power => `to ${group}`);
      return ["login" as const, ...sortPermissions(rule.with), ...reach].map((power) => ({ account, power, rule }));
    }),
  );

/** Names hold no blanks. */
const place = ({ rule }: Grant) => `${rule.who} ${rule.on}`;
export const factOf = (grant: Grant): string => `${place(grant)} ${grant.account} ${grant.power}`;
export const loginOf = (grant: Grant): string => factOf({ ...grant, power: "login" });
/** The same given by the same rule. */
export const sameGrant = (one: Grant, other: Grant): boolean =>
  factOf(one) === factOf(other) && one.rule.name === other.rule.name;

/** Grants that are told together: of the same people on the same hosts, for the same accounts, with the same note. */
export interface Together {
  readonly who: string;
  readonly on: string;
  readonly accounts: readonly string[];
  readonly powers: readonly Power[];
  /** What is said of the rules. */
  readonly note: string;
}

export function tellTogether(grants: readonly Grant[], noteOf: (grant: Grant) => string): readonly Together[] {
  // first the accounts of one power, then the powers of the same accounts
  const byPower = groupBy(grants, (grant) => JSON.stringify([place(grant), grant.power, noteOf(grant)])).map((group) => ({
    who: group[0].rule.who,
    on: group[0].rule.on,
    accounts: unique(group.map((grant) => grant.account)),
    power: group[0].power,
    note: noteOf(group[0]),
  }));
  return groupBy(byPower, ({ who, on, accounts, note }) => JSON.stringify([who, on, accounts, note])).map((group) => {
    const { who, on, accounts, note } = group[0];
    return { who, on, accounts, note, powers: group.map(({ power }) => power) };
  });
}

/** @example sayPowers(["pty", "agent-forwarding", "to db"]) // "a pty and agent forwarding to db" */
export function sayPowers(powers: readonly Power[]): string {
  const reach = powers.flatMap((power) => (power.startsWith("to ") ? [power.slice(3)] : []));
  const used = powers.flatMap((power) => {
    if (power === "login" || power.startsWith("to ")) return [];
    if (power === "agent-forwarding") return reach.length > 0 ? [] : [sayPermission(power)];
    return [power === "pty" ? "a pty" : sayPermission(power as Permission)];
  });
  return inWords([...used, ...(reach.length > 0 ? [`agent forwarding to ${inWords(reach)}`] : [])]);
}
