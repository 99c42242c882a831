/** From the file's keys to the fleet that the rest of the toolkit knows. */
import { defaults } from "./defaults.js";
import { secondsOf } from "./durations.js";
import { groupMethods, type AccessRule, type Fleet, type HostGroup, type PeopleGroup, type SignInMethod } from "./fleet.js";
import { domainOf } from "./patterns.js";
import type { FleetFile } from "./schema/fleet-file.js";

/** @param file of which nothing is wrong */
export function fleetOf(file: FleetFile): Fleet {
  const domains = listed(file.domains);
  const session = seconds(file.session);
  const { mounts, limits } = file;
  return {
    vault: new URL(file.vault).origin,
    namespace: file.namespace,
    domains,
    hosts: Object.entries(file.hosts).map(([name, group]) => hostGroupOf(name, group, domains)),
    people: Object.entries(file.people).map(([name, group]) => peopleGroupOf(name, group ?? {})),
    access: file.access.map(ruleOf),
    session,
    signIn: signInOf(file["sign-in"], session),
    mounts: { hostCa: mounts["host-ca"], userCa: mounts["user-ca"] },
    limits: { signIn: limits["sign-in"], sign: limits.sign, store: limits.store },
    ...(file.directory === undefined
      ? {}
      : {
          directory: { address: new URL(file.directory.address).origin, openTo: listed(file.directory["open-to"]) },
        }),
    state: stateOf(file.state ?? {}),
  };
}

/** One, or a list; nothing is an empty one. */
export const listed = <T extends string>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

function seconds(text: string): number {
  const found = secondsOf(text);
  if (found === undefined) throw new Error(`"${text}" was taken for a duration`);
  return found;
}

function hostGroupOf(name: string, group: FleetFile["hosts"][string], domains: readonly string[]): HostGroup {
  const names = listed(group.names);
  const domain = domainOf(names[0] ?? "", domains);
  if (domain === undefined) throw new Error(`"${name}" was taken for a group of hosts, and is below no domain`);
  return {
    name,
    names,
    domain,
    also: listed(group.also),
    accounts: listed(group.accounts),
    for: seconds(group.for),
    forget: seconds(group.forget),
    ...(group.jwt === undefined ? {} : { jwt: { ...group.jwt, claims: claimsOf(group.jwt.claims) } }),
  };
}

const claimsOf = (claims: Readonly<Record<string, string | readonly string[]>>) =>
  Object.fromEntries(Object.entries(claims).map(([name, values]) => [name, listed(values)]));

function peopleGroupOf(name: string, group: NonNullable<FleetFile["people"][string]>): PeopleGroup {
  const members = groupMethods.flatMap((method) => listed(group[method]).map((each) => ({ method, group: each })));
  return { name, members, identityGroups: listed(group["identity-group"]) };
}

function ruleOf(rule: FleetFile["access"][number]): AccessRule {
  const { name, who, on, reserve } = rule;
  return {
    name,
    who,
    on,
    as: listed(rule.as),
    for: seconds(rule.for),
    with: listed(rule.with),
    forwardTo: listed(rule["forward-to"]),
    reserve: reserve === undefined ? undefined : seconds(reserve),
  };
}

function signInOf({ userpass, oidc, jwt, ldap }: FleetFile["sign-in"], longest: number): readonly SignInMethod[] {
  const session = (given: string | undefined, usual: string) =>
    given === undefined ? Math.min(longest, seconds(usual)) : seconds(given);
  const methods: (SignInMethod | undefined)[] = [
    existingOf("userpass", userpass),
    userpass === undefined || (userpass !== null && "existing" in userpass)
      ? undefined
      : {
          method: "userpass",
          ours: true,
          path: userpass?.path ?? defaults.userpass.path,
          session: userpass?.session === undefined ? longest : seconds(userpass.session),
        },
    existingOf("oidc", oidc),
    oidc === undefined || "existing" in oidc
      ? undefined
      : {
          method: "oidc",
          ours: true,
          path: oidc.path,
          session: session(oidc.session, defaults.oidc.session),
          issuer: oidc.issuer,
          clientId: oidc["client-id"],
          scopes: listed(oidc.scopes),
          userClaim: oidc["user-claim"],
          groupsClaim: oidc["groups-claim"],
          algorithms: listed(oidc.algorithms),
          ca: oidc.ca,
        },
    existingOf("jwt", jwt),
    jwt === undefined || "existing" in jwt
      ? undefined
      : {
          method: "jwt",
          ours: true,
          path: jwt.path,
          session: session(jwt.session, defaults.jwt.session),
          issuer: jwt.issuer,
          audience: jwt.audience,
          userClaim: jwt["user-claim"],
          groupsClaim: jwt["groups-claim"],
          claims: claimsOf(jwt.claims),
          algorithms: listed(jwt.algorithms),
          ca: jwt.ca,
        },
    existingOf("ldap", ldap),
    ldap === undefined || "existing" in ldap
      ? undefined
      : {
          method: "ldap",
          ours: true,
          path: ldap.path,
          session: session(ldap.session, defaults.ldap.session),
          url: ldap.url,
          userDn: ldap["user-dn"],
          userAttribute: ldap["user-attribute"],
          groupDn: ldap["group-dn"],
          groupFilter: ldap["group-filter"],
          groupAttribute: ldap["group-attribute"],
          bindDn: ldap["bind-dn"],
          ca: ldap.ca,
        },
  ];
  return methods.filter((method) => method !== undefined);
}

function existingOf(method: SignInMethod["method"], given: object | null | undefined): SignInMethod | undefined {
  if (given === undefined || given === null || !("existing" in given) || typeof given.existing !== "string") return undefined;
  return { method, ours: false, path: given.existing };
}

function stateOf(state: NonNullable<FleetFile["state"]>): Fleet["state"] {
  for (const [backend, settings] of Object.entries(state)) if (settings !== undefined) return { backend, settings };
  return undefined;
}
