/** How people sign in, and for how long. */
import { isDeepStrictEqual } from "node:util";
import { formatDuration } from "../../ground/duration.js";
import { printable } from "../../ground/printable.js";
import type { Fleet, JwtMethod, LdapMethod, OidcMethod, SignInMethod } from "../fleet.js";
import { describeClaims, sayClaims } from "./claims.js";
import { changes, grants, unlessSame, withdraws, type Change } from "./change.js";
import { matchBy, sameItems, unique } from "./compare.js";
import { inWords } from "./words.js";

/** A fleet has each method once at most. */
export function describeSignIn(before: Fleet, after: Fleet): readonly Change[] {
  const { removed, added, both } = matchBy(before.signIn, after.signIn, ({ method }) => method);
  return [
    ...removed.map((method) => withdraws(`people may no longer sign in with ${method.method}`)),
    ...added.map((method) => grants(`people may now sign in with ${method.method}${saySource(method)}`)),
    ...both.flatMap(([was, now]) => describeMethod(was, now)),
    ...unlessSame(before.session, after.session, (was, now) =>
      changes(`a sign-in lasts at most ${formatDuration(now)}, not ${formatDuration(was)}`),
    ),
    ...both.flatMap(([was, now]) => describeSession(was, now, before.session, after.session)),
  ];
}

function saySource(method: SignInMethod): string {
  if (!method.ours) return `, as Vault has it already at auth/${printable(method.path)}`;
  if (method.method === "ldap") return ` at ${printable(method.url)}`;
  if (method.method === "userpass") return "";
  return ` of ${printable(method.issuer)}${method.method === "jwt" ? sayClaims(method.claims) : ""}`;
}

type Field = Exclude<keyof OidcMethod | keyof JwtMethod | keyof LdapMethod, "method" | "ours" | "session" | "claims">;
const fields: Readonly<Record<Field, string>> = {
  path: "the mount below auth/",
  issuer: "the issuer",
  clientId: "the client id",
  audience: "the audience",
  scopes: "the scopes",
  userClaim: "the claim with the person's name",
  groupsClaim: "the claim with the groups",
  algorithms: "the signing algorithms",
  url: "the server",
  userDn: "the DN of people",
  userAttribute: "the attribute with the person's name",
  groupDn: "the DN of groups",
  groupFilter: "the filter for groups",
  groupAttribute: "the attribute with the group's name",
  bindDn: "the DN that looks people up",
};

function describeMethod(before: SignInMethod, after: SignInMethod): readonly Change[] {
  const name = after.method;
  if (before.ours !== after.ours)
    return [changes(`sign-in with ${name} is now ${after.ours ? "set up by this file" : "left to Vault"}${saySource(after)}`)];
  const from: Readonly<Record<string, unknown>> = { ...before };
  const to: Readonly<Record<string, unknown>> = { ...after };
  const claims = before.ours && before.method === "jwt" && after.ours && after.method === "jwt";
  return [
    ...Object.entries(fields).flatMap(([field, label]) => {
      const [was, now] = [from[field], to[field]];
      return sameValue(was, now)
        ? []
        : [changes(`sign-in with ${name}: ${label} ${isList(now) ? "are" : "is"} now ${sayValue(now)}, not ${sayValue(was)}`)];
    }),
    ...(claims ? describeClaims(name, before.claims, after.claims) : []),
  ];
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

const sameValue = (was: unknown, now: unknown): boolean =>
  isList(was) && isList(now) ? sameItems(was, now) : isDeepStrictEqual(was, now);

const sayValue = (value: unknown): string =>
  isList(value) ? inWords(unique(value).map(printable)) || "none" : typeof value === "string" ? printable(value) : "none";

/** A method's own session; the fleet's has been told, and most methods follow it. */
function describeSession(before: SignInMethod, after: SignInMethod, fleetBefore: number, fleetAfter: number): readonly Change[] {
  if (!before.ours || !after.ours) return [];
  if (before.session === fleetBefore && after.session === fleetAfter) return [];
  const [name, was, now] = [after.method, before.session, after.session];
  if (was !== now) return [changes(`a sign-in with ${name} lasts at most ${formatDuration(now)}, not ${formatDuration(was)}`)];
  return fleetBefore === fleetAfter ? [] : [changes(`a sign-in with ${name} still lasts at most ${formatDuration(now)}`)];
}
