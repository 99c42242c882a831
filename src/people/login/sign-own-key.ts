/** A person's own key, certified by a rule: which rule, for which accounts, for how long. */
import { fail } from "../../errors/catalogue.js";
import { verb } from "../../errors/hint.js";
import type { AccessRule, Fleet } from "../../fleet/fleet.js";
import { formatDuration } from "../../ground/duration.js";
import { printable } from "../../ground/printable.js";
import { askForAccess, accountsInWords, describeGroups, groupOfName } from "../access.js";
import { rulesOf, type Me } from "../me.js";

export interface OwnKeyRequest {
  /** A group of hosts, or a host of one. */
  readonly on: string;
  /** None: all accounts of the rule. */
  readonly accounts: readonly string[];
  readonly rule?: string | undefined;
  /** Seconds. */
  readonly ttl?: number | undefined;
}

export interface Chosen {
  readonly rule: AccessRule;
  readonly accounts: readonly string[];
}

/** @throws SIGN_GROUP_UNKNOWN, SIGN_DENIED, SIGN_RULES_SEVERAL, LOGIN_RULE_UNKNOWN, USAGE where a longer life is asked for */
export function chooseRule(fleet: Fleet, me: Me, { on, accounts, rule: wanted, ttl }: OwnKeyRequest): Chosen {
  const group = fleet.hosts.find(({ name }) => name === on) ?? groupOfName(fleet, on);
  if (group === undefined) throw fail("SIGN_GROUP_UNKNOWN", { on: printable(on), groups: describeGroups(fleet) });
  const mine = rulesOf(fleet, me);
  const there = mine.filter((rule) => rule.on === group.name);
  const fitting = there.filter(({ as }) => accounts.every((account) => as.includes(account)));
  const what = accounts.length === 0 ? group.name : `${group.name} as ${accounts.map(printable).join(", ")}`;
  if (fitting.length === 0) {
    const how = [
      { say: accountsInWords(me.name, there.length === 0 ? mine : there) },
      ...(there.length > 1 ? [{ say: "a certificate has the accounts of one rule" }] : []),
      ...(mine.length === 0 ? [askForAccess] : []),
    ];
    throw fail("SIGN_DENIED", { who: me.name, what, how });
  }
  const named = wanted === undefined ? fitting : fitting.filter(({ name }) => name === wanted);
  const [rule, second] = named;
  const [first] = fitting;
  if (rule === undefined) {
    const how = [{ say: `these do: ${fitting.map(({ name }) => name).join(", ")}`, run: `--rule ${first?.name ?? ""}` }];
    throw fail("LOGIN_RULE_UNKNOWN", { rule: printable(wanted ?? ""), who: me.name, what, how });
  }
  if (second !== undefined) {
    throw fail("SIGN_RULES_SEVERAL", { group: group.name, rules: fitting.map(describeRule).join("\n"), first: rule.name });
  }
  if (ttl !== undefined && ttl > rule.for) {
    const what = `--for: the rule ${rule.name} has ${formatDuration(rule.for)} at most`;
    throw fail("USAGE", { what, help: verb("sign --help") });
  }
  return { rule, accounts: accounts.length === 0 ? rule.as : [...new Set(accounts)] };
}

const describeRule = ({ name, as, for: life, with: permitted }: AccessRule): string =>
  `${name}: ${as.join(", ")}, for ${formatDuration(life)}, with ${permitted.join(", ") || "nothing"}`;
