/** Groups whose hosts enrol themselves by a token: what Vault can hold a token's claims to. */
import { quoted, type Mistake } from "../mistakes.js";
import { domainOf, hasWildcard } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { entries, items } from "./items.js";

export function mistakesOfHostTokens(draft: Draft): readonly Mistake[] {
  const domains = items([], draft.domains).map(({ value }) => value);
  /** Of each mount, the domain of the first group. */
  const taken = new Map<string, string>();
  return entries(draft.hosts).flatMap(([group, { names, jwt }]) => {
    if (jwt === undefined) return [];
    const claim = jwt.claim ?? "";
    const domain = domainOf(items([], names)[0]?.value ?? "", domains);
    const { mount } = jwt;
    const other = mount === undefined ? undefined : taken.get(mount);
    if (mount !== undefined && domain !== undefined && other === undefined) taken.set(mount, domain);
    const twoDomains = other !== undefined && domain !== undefined && other !== domain;
    const bound = Object.hasOwn(jwt.claims ?? {}, claim);
    const path = ["hosts", group, "jwt", "claims", claim];
    return [
      ...items(["hosts", group, "names"], names).flatMap(({ path: at, value }) => mistakesOfName(at, value, domains)),
      // Vault knows a machine by its name without the domain.
      ...(twoDomains
        ? [
            {
              path: ["hosts", group, "jwt", "mount"],
              problem: `${quoted(mount ?? "")} is where machines below ${quoted(other)} sign in: each domain has a mount of its own, as of one, two hosts of the same name would be one`,
            },
          ]
        : []),
      ...(bound ? [{ path, ofKey: true as const, problem: "is the claim with the name, and the group's names say which" }] : []),
    ];
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
