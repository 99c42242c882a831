/** Which rule of the fleet before is which of the fleet after, and what is to be told of the rule itself. */
import { formatDuration } from "../../ground/duration.js";
import type { AccessRule } from "../fleet.js";
import { changes, grants, lasts, unlessSame, withdraws, type Change } from "./change.js";
import { sameItems, sortBy } from "./compare.js";
import { reachOf } from "./words.js";

type Pair = readonly [AccessRule, AccessRule];

const samePlace = (one: AccessRule, other: AccessRule) => one.who === other.who && one.on === other.on;
const sameAccounts = (one: AccessRule, other: AccessRule) => sameItems(one.as, other.as);
const sameTerms = (one: AccessRule, other: AccessRule) =>
  one.for === other.for &&
  one.reserve === other.reserve &&
  sameItems(one.with, other.with) &&
  sameItems(reachOf(one), reachOf(other));

/** What makes two rules one, the surest first. Every other difference is told, so that no pair hides anything. */
const likenesses: readonly ((one: AccessRule, other: AccessRule) => boolean)[] = [
  (one, other) => one.name === other.name,
  (one, other) => sameAccounts(one, other) && sameTerms(one, other),
  sameAccounts,
  (one, other) => one.as.some((account) => other.as.includes(account)),
];

/** Rules for the same people on the same hosts, one before and one after, that are taken to be one. */
export function pairRules(before: readonly AccessRule[], after: readonly AccessRule[]): readonly Pair[] {
  let [from, to] = [before, after].map((rules) => sortBy(rules, (rule) => rule.name)) as [AccessRule[], AccessRule[]];
  const pairs: Pair[] = [];
  for (const alike of likenesses) {
    for (const rule of from) {
      const now = to.find((other) => samePlace(rule, other) && alike(rule, other));
      if (now === undefined) continue;
      pairs.push([rule, now]);
      to = to.filter((other) => other !== now);
    }
    from = from.filter((rule) => !pairs.some(([paired]) => paired === rule));
  }
  return pairs;
}

/** What changed about a rule beside what it allows: its name and its times. */
export function describeRule([before, after]: Pair): readonly Change[] {
  const { who, name } = after;
  return [
    ...unlessSame(before.name, name, (was) => changes(`rule ${was} is now called ${name}`)),
    ...unlessSame(before.for, after.for, (was, now) =>
      lasts(
        was,
        now,
        `${who}: certificates of rule ${name} are now valid for ${formatDuration(now)}, not ${formatDuration(was)}`,
      ),
    ),
    ...unlessSame(before.reserve, after.reserve, (was, now) => describeReserve(name, was, now)),
  ];
}

function describeReserve(rule: string, was: number | undefined, now: number | undefined): Change {
  if (now === undefined) return withdraws(`rule ${rule}: there is no longer a reserve certificate`);
  if (was === undefined)
    return grants(`rule ${rule}: a reserve certificate of ${formatDuration(now)} for when Vault does not answer`);
  const text = `rule ${rule}: the reserve certificate is now valid for ${formatDuration(now)}, not ${formatDuration(was)}`;
  return lasts(was, now, text);
}
