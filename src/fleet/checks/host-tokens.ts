/** Groups whose hosts enrol themselves by a token: what Vault can hold a token's claims to. */
import { quoted, type Mistake } from "../mistakes.js";
import { domainOf, hasWildcard } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { entries, items } from "./items.js";

export function mistakesOfHostTokens(draft: Draft): readonly Mistake[] {
  const domains = items([], draft.domains).map(({ value }) => value);
  return entries(draft.hosts).flatMap(([group, { names, jwt }]) => {
    if (jwt === undefined) return [];
    const claim = jwt.claim ?? "";
    const bound = Object.hasOwn(jwt.claims ?? {}, claim);
    const path = ["hosts", group, "jwt", "claims", claim];
    return [
      ...items(["hosts", group, "names"], names).flatMap(({ path: at, value }) => mistakesOfName(at, value, domains)),
      ...(bound ? [{ path, ofKey: true as const, problem: "is the claim with the name, and the group's names say which" }] : []),
    ];
  });
}

/** Of a claim, Vault compares the beginning; and what is below the domain is one AppRole, whose name the claim is. */
function mistakesOfName(path: Mistake["path"], value: string, domains: readonly string[]): readonly Mistake[] {
  const domain = domainOf(value, domains);
  if (domain === undefined) return []; // which is told already
  const name = value.slice(0, -domain.length - 1);
  if (!hasWildcard(name.replace(/\*$/, ""))) return [];
  const problem = `${quoted(value)} has another wildcard than one * right before the domain, and of a token's claim Vault compares no more than the beginning`;
  return [{ path, problem }];
}
