/** Names of hosts: each below a domain, and none in two groups, as its certificate says one. */
import { quoted, wrong, type Mistake } from "../mistakes.js";
import { commonName, domainOf, matches, problemOfPattern } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { repeated } from "../repeated.js";
import { problemOfDomain } from "./domains.js";
import { entries, items, type Item } from "./items.js";

interface Named extends Item<string> {
  readonly group: string;
}

export function mistakesOfHosts(draft: Draft): readonly Mistake[] {
  const domains = knownDomains(draft);
  const groups = entries(draft.hosts).map(([group, { names, also }]) => ({
    patterns: items(["hosts", group, "names"], names).map((each): Named => ({ ...each, group })),
    also: items(["hosts", group, "also"], also).map((each): Named => ({ ...each, group })),
  }));
  const found: Mistake[] = [];
  const good = groups.map(({ patterns }) =>
    patterns.filter(({ path, value }) => {
      const problem = problemOfPattern(value, domains);
      if (problem !== undefined) found.push({ path, problem: wrong(value, problem) });
      return problem === undefined;
    }),
  );
  const also = groups.flatMap((each) => each.also);
  return [
    ...found,
    ...good.flatMap((patterns) => inTwoDomains(patterns, domains)),
    ...good.flatMap((later, index) => later.flatMap((pattern) => inOthers(pattern, good.slice(0, index)))),
    ...also.flatMap((each) => wrongAlso(each, domains, good.flat())),
    ...claimedTwice(also),
  ];
}

/** Where one of them is wrong, nobody can say what is below them. */
function knownDomains(draft: Draft): readonly string[] {
  const domains = items([], draft.domains).map(({ value }) => value);
  return domains.every((domain) => problemOfDomain(domain) === undefined) ? domains : [];
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

/** One mistake for each group that has a name in common with the pattern. */
const inOthers = (pattern: Named, groups: readonly (readonly Named[])[]): readonly Mistake[] =>
  groups.flatMap((group) => inBoth(pattern, group) ?? []);

function inBoth({ path, value, group }: Named, others: readonly Named[]): Mistake | undefined {
  for (const other of others) {
    const name = commonName(value, other.value);
    if (name === undefined) continue;
    const both = `${name} would be in both ${quoted(other.group)} and ${quoted(group)}`;
    const problem = `${quoted(value)} and ${quoted(other.value)} of the group ${quoted(other.group)} match the same names: ${both}`;
    return { path, problem };
  }
  return undefined;
}

function wrongAlso({ path, value }: Named, domains: readonly string[], patterns: readonly Named[]): readonly Mistake[] {
  if (domains.length > 0 && domainOf(value, domains) === undefined)
    return [{ path, problem: `${quoted(value)} is not below a domain of the file (${domains.map(quoted).join(", ")})` }];
  const match = patterns.find((pattern) => matches(pattern.value, value));
  if (match === undefined) return [];
  const problem = `${quoted(value)} is matched by ${quoted(match.value)} of the group ${quoted(match.group)}: a host of this name could be there`;
  return [{ path, problem }];
}

function claimedTwice(also: readonly Named[]): readonly Mistake[] {
  return repeated(also.map(({ value }) => value)).flatMap(([place, first]) => {
    const [one, other] = [also[first], also[place]];
    if (one === undefined || other === undefined || one.group === other.group) return [];
    return [{ path: other.path, problem: `${quoted(other.value)} is another name of the group ${quoted(one.group)}, too` }];
  });
}
