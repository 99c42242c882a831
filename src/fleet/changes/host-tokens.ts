/** How machines enrol themselves: who else has such a token could be a host of the group. */
import { printable } from "../../ground/printable.js";
import type { HostTokens } from "../fleet.js";
import { grants, unlessSame, withdraws, type Change } from "./change.js";
import { describeClaims, sayClaims } from "./claims.js";

/** @example sayTokens(jwt) // "with tokens of auth/kubernetes for the audience vault, which name them by the claim host" */
export function sayTokens({ mount, claim, audience, claims }: HostTokens): string {
  const which = sayClaims(claims);
  const only = which === "" ? "" : `, and only those ${which}`;
  return `with tokens of auth/${printable(mount)} for the audience ${printable(audience)}, which name them by the claim ${printable(claim)}${only}`;
}

const fields = { mount: "the mount below auth/", claim: "the claim with the name", audience: "the audience" } as const;

export function describeTokens(group: string, before: HostTokens | undefined, after: HostTokens | undefined): readonly Change[] {
  if (after === undefined)
    return before === undefined
      ? []
      : [withdraws(`machines of ${group} can no longer enrol themselves with tokens of auth/${printable(before.mount)}`)];
  if (before === undefined) return [grants(`machines of ${group} may now enrol themselves ${sayTokens(after)}`)];
  const what = `tokens by which machines of ${group} enrol themselves`;
  return [
    ...(Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) =>
      unlessSame(before[field], after[field], (was, now) =>
        grants(`${what}: ${fields[field]} is now ${printable(now)}, not ${printable(was)}`),
      ),
    ),
    ...describeClaims(what, before.claims, after.claims),
  ];
}
