/** Names of hosts: each below a domain, and none in two groups, as its certificate says one. */
import { quoted, wrong, type Mistake } from "../mistakes.js";
import { commonName, type Budget } from "../common-name.js";
import { domainOf, hasWildcard, matches, problemOfPattern, someOf } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { repeated } from "../repeated.js";
import { mostDomains, problemOfDomain } from "./domains.js";
import { entries, items, type Item } from "./items.js";

interface Named extends Item<string> {
  readonly group: string;
}

/** Where patterns overlap, they mostly do so for one reason. */
const mostOverlaps = 20;
/** Pairs of patterns, and what is looked at to compare those that are hard: a second or so. */
const mostSteps = 3_000_000;

export function mistakesOfHosts(draft: Draft): readonly Mistake[] {
  const domains = knownDomains(draft);
  const budget = { left: mostSteps };
  const groups = entries(draft.hosts).map(([group, { names, also }]) => ({
    patterns: items(["hosts", group, "names"], names).map((each): Named => ({ ...each, group })),
    also: items(["hosts", group, "also"], also).map((each): Named => ({ ...each, group })),
  }));
  const found: Mistake[] = [];
  const good = groups.map(({ patterns }) =>
    patterns.filter(({ path, value }) => {
      const problem = problemOfPattern(value, domains, budget);
      if (problem !== undefined) found.push({ path, problem: wrong(value, problem) });
      return problem === undefined;
    }),
  );
  const also = groups.flatMap((each) => each.also);
  const relations = [
    ...good.flatMap((patterns) => inTwoDomains(patterns, domains)),
    ...inOthers(good, budget),
    ...wrongAlso(also, domains, good.flat(), budget),
  ];
  const spent: Mistake[] = budget.left < 0 ? [{ path: ["hosts"], ofKey: true, problem: "too many patterns to compare" }] : [];
  return [...found, ...relations, ...spent, ...claimedTwice(also)];
}

/** Where one of them is wrong, nobody can say what is below them. */
function knownDomains(draft: Draft): readonly string[] {
  const domains = items([], draft.domains).map(({ value }) => value);
  return domains.length <= mostDomains && domains.every((domain) => problemOfDomain(domain) === undefined) ? domains : [];
}

/** Hosts sign in where their domain's do. */
function inTwoDomains(patterns: readonly Named[], domains: readonly string[]): readonly Mistake[] {
  const [first, ...others] = patterns.map((each) => ({ ...each, domain: domainOf(each.value, domains) }));
  return others
    .filter(({ domain }) => domain !== first?.domain)
    .map(({ path, value, domain = "" }) => ({
      path,
      problem: `${quoted(value)} is below ${quoted(domain)}, and the group's first pattern is below ${quoted(first?.domain ?? "")}: make a group for each domain`,
    }));
}

/** One mistake for each group before its own that a pattern has a name in common with; of equal names, for the first. */
function inOthers(groups: readonly (readonly Named[])[], budget: Budget): readonly Mistake[] {
  const exact = new Map<string, Named>();
  const [all, withWildcards]: [Named[], Named[]] = [[], []];
  const found: Mistake[] = [];
  for (const later of groups) {
    for (const pattern of later) {
      const equal = exact.get(pattern.value);
      if (equal !== undefined) found.push(inBoth(pattern, equal, pattern.value));
      found.push(...inEarlier(pattern, hasWildcard(pattern.value) ? all : withWildcards, equal?.group, budget));
      if (found.length >= mostOverlaps) return more(found.slice(0, mostOverlaps));
    }
    for (const each of later) {
      all.push(each);
      if (hasWildcard(each.value)) withWildcards.push(each);
      else if (!exact.has(each.value)) exact.set(each.value, each);
    }
  }
  return found;
}

const more = (found: readonly Mistake[]): readonly Mistake[] =>
  found.map((each, index) =>
    index === found.length - 1 ? { ...each, problem: `${each.problem}; more of these are not looked for` } : each,
  );

/** @param told a group that is told already */
function inEarlier(pattern: Named, earlier: readonly Named[], told: string | undefined, budget: Budget): readonly Mistake[] {
  const groups = new Set(told === undefined ? [] : [told]);
  const found: Mistake[] = [];
  for (const other of earlier) {
    if (groups.has(other.group)) continue;
    if (--budget.left < 0 || found.length === mostOverlaps) break;
    const name = inCommon(pattern.value, other.value, budget);
    if (name === undefined) continue;
    groups.add(other.group);
    found.push(inBoth(pattern, other, name));
  }
  return found;
}

/** Of names that hosts can have: where one has no wildcards, it is the name. */
function inCommon(one: string, other: string, budget: Budget): string | undefined {
  if (!hasWildcard(one)) return matches(other, one) ? one : undefined;
  if (!hasWildcard(other)) return matches(one, other) ? other : undefined;
  return commonName(one, other, budget);
}

function inBoth({ path, value, group }: Named, other: Named, name: string): Mistake {
  const both = `${name} would be in both ${quoted(other.group)} and ${quoted(group)}`;
  const problem = `${quoted(value)} and ${quoted(other.value)} of the group ${quoted(other.group)} match the same names: ${both}`;
  return { path, problem };
}

function wrongAlso(
  also: readonly Named[],
  domains: readonly string[],
  patterns: readonly Named[],
  budget: Budget,
): readonly Mistake[] {
  const exact = new Map(patterns.map((each) => [each.value, each]));
  const withWildcards = patterns.filter(({ value }) => hasWildcard(value));
  return also.flatMap(({ path, value }) => {
    if (domains.length > 0 && domainOf(value, domains) === undefined) {
      const all = someOf(domains.map(quoted)).join(", ");
      return [{ path, problem: `${quoted(value)} is not below a domain of the file (${all})` }];
    }
    const match = exact.get(value) ?? withWildcards.find((pattern) => --budget.left >= 0 && matches(pattern.value, value));
    if (match === undefined) return [];
    const problem = `${quoted(value)} is matched by ${quoted(match.value)} of the group ${quoted(match.group)}: a host of this name could be there`;
    return [{ path, problem }];
  });
}

function claimedTwice(also: readonly Named[]): readonly Mistake[] {
  return repeated(also.map(({ value }) => value)).flatMap(([place, first]) => {
    const [one, other] = [also[first], also[place]];
    if (one === undefined || other === undefined || one.group === other.group) return [];
    return [{ path: other.path, problem: `${quoted(other.value)} is another name of the group ${quoted(one.group)}, too` }];
  });
}
