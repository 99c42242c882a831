/** Groups whose hosts enrol themselves by a token: what Vault can hold a token's claims to. */
import { quoted, type Mistake } from "../mistakes.js";
import { domainOf, hasWildcard } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { entries, items, type Item } from "./items.js";

type Tokens = NonNullable<NonNullable<NonNullable<Draft["hosts"]>[string]>["jwt"]>;

interface Group {
  readonly name: string;
  readonly jwt: Tokens;
  readonly names: readonly Item<string>[];
  /** Undefined: which it is could not be read. */
  readonly domain: string | undefined;
}

export function mistakesOfHostTokens(draft: Draft): readonly Mistake[] {
  const domains = items([], draft.domains).map(({ value }) => value);
  const groups = entries(draft.hosts).flatMap(([name, { names: given, jwt }]): Group[] => {
    if (jwt === undefined) return [];
    const names = items(["hosts", name, "names"], given);
    return [{ name, jwt, names, domain: domainOf(names[0]?.value ?? "", domains) }];
  });
  return [
    ...groups.flatMap(({ names }) => names.flatMap(({ path, value }) => mistakesOfName(path, value, domains))),
    ...groups.flatMap(boundTwice),
    ...inTwoDomains(groups),
  ];
}

function boundTwice({ name, jwt: { claim = "", claims } }: Group): readonly Mistake[] {
  if (!Object.hasOwn(claims ?? {}, claim)) return [];
  const path = ["hosts", name, "jwt", "claims", claim];
  return [{ path, ofKey: true, problem: "is the claim with the name, and the group's names say which" }];
}

/** Vault knows a machine by its mount, and its name without the domain. */
function inTwoDomains(groups: readonly Group[]): readonly Mistake[] {
  const taken = new Map<string, string>();
  return groups.flatMap(({ name, jwt: { mount }, domain }) => {
    if (mount === undefined || domain === undefined) return [];
    const other = taken.get(mount) ?? domain;
    taken.set(mount, other);
    if (other === domain) return [];
    const problem = `${quoted(mount)} is where machines below ${quoted(other)} sign in: each domain has a mount of its own, as of one, two hosts of the same name would be one`;
    return [{ path: ["hosts", name, "jwt", "mount"], problem }];
  });
}

/** Of a claim, Vault compares the beginning; and what is below the domain is one AppRole, whose name the claim is. */
function mistakesOfName(path: Mistake["path"], value: string, domains: readonly string[]): readonly Mistake[] {
  const domain = domainOf(value, domains);
  if (domain === undefined) return []; // which is told already
  const name = value.slice(0, -domain.length - 1);
  if (name === "*")
    return [
      {
        path,
        problem: `${quoted(value)} has nothing before its *: as the group has jwt, the names need a beginning of their own`,
      },
    ];
  if (!hasWildcard(name.replace(/\*$/, ""))) return [];
  const problem = `${quoted(value)} has another wildcard than one * right before the domain: as the group has jwt, Vault compares the name with a token's claim, and no more than its beginning`;
  return [{ path, problem }];
}
