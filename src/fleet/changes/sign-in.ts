/** How people sign in, and for how long. */
import { isDeepStrictEqual } from "node:util";
import { formatDuration } from "../../ground/duration.js";
import { printable } from "../../ground/printable.js";
import { defaults } from "../defaults.js";
import type { Fleet, JwtMethod, LdapMethod, OidcMethod, SignInMethod } from "../fleet.js";
import { describeClaims, sayClaims } from "./claims.js";
import { changes, grants, lasts, unlessSame, withdraws, type Change } from "./change.js";
import { matchBy, sameItems, unique, without } from "./compare.js";
import { inWords } from "./words.js";

/** A fleet has each method once at most. */
export function describeSignIn(before: Fleet, after: Fleet): readonly Change[] {
  const { removed, added, both } = matchBy(before.signIn, after.signIn, ({ method }) => method);
  return [
    ...removed.map((method) => withdraws(`people may no longer sign in with ${method.method}`)),
    ...added.map((method) => grants(`people may now sign in with ${method.method}${saySource(method)}`)),
    ...both.flatMap(([was, now]) => describeMethod(was, now)),
    ...unlessSame(before.session, after.session, (was, now) =>
      lasts(was, now, `a sign-in lasts at most ${formatDuration(now)}, not ${formatDuration(was)}`),
    ),
    ...both.flatMap(([was, now]) => describeSession(was, now, before.session, after.session)),
  ];
}

/** Of where, by whom, and for how long: how wide it is. */
function saySource(method: SignInMethod): string {
  if (!method.ours) {
    const factor = method.method === "userpass" ? "neither a second factor nor a" : "no";
    return `, as Vault has it already at auth/${printable(method.path)}: this file enforces ${factor} session there`;
  }
  return `${sayProvider(method)}, for ${formatDuration(method.session)} at most`;
}

function sayProvider(method: Exclude<SignInMethod, { ours: false }>): string {
  if (method.method === "userpass") return "";
  if (method.method === "ldap") {
    const usual = method.groupFilter === defaults.ldap.groupFilter;
    return ` at ${printable(method.url)}${usual ? "" : `, with ${fields.groupFilter.label} ${printable(method.groupFilter)}`}`;
  }
  const { userClaim, groupsClaim } = method;
  const names = [
    ...(userClaim === defaults.userClaim ? [] : [`, named by the claim ${printable(userClaim)}`]),
    ...(groupsClaim === defaults.groupsClaim ? [] : [`, with the groups of the claim ${printable(groupsClaim)}`]),
  ].join("");
  const by = method.method === "jwt" ? ` for the audience ${printable(method.audience)}${sayTokens(method)}` : "";
  return ` of ${printable(method.issuer)}${by}${names}`;
}

function sayTokens({ claims }: JwtMethod): string {
  const which = sayClaims(claims);
  return which === "" ? ", by every token of this issuer" : `, by tokens ${which}`;
}

type Field = Exclude<keyof OidcMethod | keyof JwtMethod | keyof LdapMethod, "method" | "ours" | "session" | "claims">;
/** Of most of them, another one may let in others: that is a grant. */
const fields: Readonly<Record<Field, { readonly label: string; readonly harmless?: true }>> = {
  path: { label: "the mount below auth/", harmless: true },
  issuer: { label: "the issuer" },
  clientId: { label: "the client id" },
  audience: { label: "the audience" },
  scopes: { label: "the scopes", harmless: true },
  userClaim: { label: "the claim with the person's name" },
  groupsClaim: { label: "the claim with the groups" },
  algorithms: { label: "the signing algorithms" },
  url: { label: "the server" },
  userDn: { label: "the DN of people" },
  userAttribute: { label: "the attribute with the person's name" },
  groupDn: { label: "the DN of groups" },
  groupFilter: { label: "the filter for groups" },
  groupAttribute: { label: "the attribute with the group's name" },
  ca: { label: "the file with its private CA" },
  bindDn: { label: "the DN that looks people up", harmless: true },
};

function describeMethod(before: SignInMethod, after: SignInMethod): readonly Change[] {
  const name = after.method;
  if (before.ours && after.ours) return describeOurs(before, after);
  if (after.ours)
    return [
      grants(
        `people may now sign in with ${name}${saySource(after)}, no longer as Vault has it at auth/${printable(before.path)}`,
      ),
    ];
  const own = `sign-in with ${name} is now Vault's own at auth/${printable(after.path)}`;
  if (before.ours) return [grants(`${own}: this file no longer enforces ${sayEnforced(before)}`)];
  return unlessSame(before.path, after.path, (was) => grants(`${own}, not at auth/${printable(was)}`));
}

/** What this file has Vault see to, where the mount is the file's. */
function sayEnforced(method: Exclude<SignInMethod, { ours: false }>): string {
  const claims = method.method === "jwt" ? unique(Object.keys(method.claims)).map(printable) : [];
  return inWords(
    [
      ...(method.method === "userpass" ? ["a second factor"] : []),
      `a session of ${formatDuration(method.session)}`,
      ...claims.map((claim) => `a token's claim ${claim}`),
    ],
    "or",
  );
}

function describeOurs(before: SignInMethod, after: SignInMethod): readonly Change[] {
  const name = after.method;
  const from: Readonly<Record<string, unknown>> = { ...before };
  const to: Readonly<Record<string, unknown>> = { ...after };
  const claims = before.ours && before.method === "jwt" && after.ours && after.method === "jwt";
  return [
    ...Object.entries(fields).flatMap(([field, { label, harmless }]) => {
      const [was, now] = [from[field], to[field]];
      if (sameValue(was, now)) return [];
      const text = `sign-in with ${name}: ${label} ${isList(now) ? "are" : "is"} now ${sayValue(now)}, not ${sayValue(was)}`;
      if (harmless === true) return [changes(text)];
      // of a list, only what is added lets in more
      return [isList(was) && isList(now) && without(now, was).length === 0 ? withdraws(text) : grants(text)];
    }),
    ...(claims ? describeClaims(`sign-in with ${name}`, before.claims, after.claims) : []),
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
  if (was !== now)
    return [lasts(was, now, `a sign-in with ${name} lasts at most ${formatDuration(now)}, not ${formatDuration(was)}`)];
  return fleetBefore === fleetAfter ? [] : [changes(`a sign-in with ${name} still lasts at most ${formatDuration(now)}`)];
}
