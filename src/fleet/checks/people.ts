/** How people sign in, and of which methods the members of their groups are. */
import { groupMethods, type GroupMethod } from "../fleet.js";
import { quoted, wrong, type Mistake } from "../mistakes.js";
import type { Draft } from "../reading/shape.js";
import { problemOfText } from "../texts.js";
import { externalGroupOf, groupOf } from "../vault-names.js";
import { entries, items, type Item } from "./items.js";

export const mistakesOfPeople = (draft: Draft): readonly Mistake[] => [
  ...mistakesOfSignIn(draft),
  ...mistakesOfMembers(draft),
  ...mistakesOfIdentityGroups(draft),
];

function mistakesOfSignIn({ "sign-in": methods }: Draft): readonly Mistake[] {
  if (methods === undefined) return [];
  if (Object.keys(methods).length > 0) return mistakesOfClaims(methods.jwt);
  return [{ path: ["sign-in"], problem: "it names no method, so nobody could sign in; leave it out, or write userpass: {}" }];
}

function mistakesOfClaims(jwt: NonNullable<Draft["sign-in"]>["jwt"]): readonly Mistake[] {
  const claims = jwt === undefined || !("claims" in jwt) ? {} : jwt.claims;
  return Object.keys(claims ?? {}).flatMap((name): Mistake[] => {
    const problem = problemOfText(name);
    return problem === undefined
      ? []
      : [{ path: ["sign-in", "jwt", "claims", name], ofKey: true, problem: wrong(name, problem) }];
  });
}

function mistakesOfMembers(draft: Draft): readonly Mistake[] {
  return groupMethods.flatMap((method) => {
    const used = entries(draft.people).flatMap(([group, each]) =>
      each?.[method] === undefined
        ? []
        : [{ path: ["people", group, method], groups: items(["people", group, method], each[method]) }],
    );
    const problem = `people cannot sign in by ${method} here: sign-in has no ${method}`;
    return [
      ...(isThere(draft, method) ? [] : used.map(({ path }) => ({ path, problem, ofKey: true as const }))),
      ...writtenInTwoWays(used.flatMap(({ groups }) => groups)),
    ];
  });
}

/** Groups that Vault has already: none that apply makes. */
function mistakesOfIdentityGroups({ people }: Draft): readonly Mistake[] {
  const key = "identity-group";
  const groups = entries(people).flatMap(([group, each]) =>
    each?.[key] === undefined ? [] : items(["people", group, key], each[key]),
  );
  const own = groups.filter(({ value }) => ownGroups.some((prefix) => value.toLowerCase().startsWith(prefix)));
  return [
    ...own.map(({ path, value }) => ({ path, problem: wrong(value, "is called like a group that ssh-trust makes itself") })),
    ...writtenInTwoWays(groups),
  ];
}

const ownGroups = [groupOf(""), ...groupMethods.map((method) => externalGroupOf(method, ""))];

/** A method counts that is there, even if something is wrong with it. Without the section, there is userpass alone. */
function isThere(draft: Draft, method: GroupMethod): boolean {
  if (!("sign-in" in draft)) return false;
  const methods = draft["sign-in"];
  return methods === undefined || method in methods;
}

/** A group of the provider becomes one of Vault's, or is one; their names ignore case. */
function writtenInTwoWays(groups: readonly Item<string>[]): readonly Mistake[] {
  const first = new Map<string, string>();
  return groups.flatMap(({ path, value }) => {
    const other = first.get(value.toLowerCase());
    if (other === undefined) first.set(value.toLowerCase(), value);
    if (other === undefined || other === value) return [];
    return [{ path, problem: `${quoted(value)} and ${quoted(other)} are one group to Vault, whose names ignore case` }];
  });
}
