/** Fleets for tests: what is not said is as in `small`, where platform reaches web, and dba reaches db. */
import type { AccessRule, Fleet, HostGroup, PeopleGroup } from "../../../src/fleet/fleet.js";

export const hostsOf = (name: string, more: Partial<HostGroup> = {}): HostGroup => ({
  name,
  names: [`${name}-*.example.org`],
  domain: "example.org",
  also: [],
  accounts: ["deploy", "ops", "postgres-admin"],
  for: 72 * 3600,
  forget: 30 * 86_400,
  ...more,
});

export const peopleOf = (name: string, ...oidcGroups: readonly string[]): PeopleGroup => ({
  name,
  members: oidcGroups.map((group) => ({ method: "oidc" as const, group })),
  identityGroups: [],
});

/** @example ruleOf("platform-web", { as: ["ops"] }) // platform on web: the name says who and where */
export function ruleOf(name: string, more: Partial<AccessRule> = {}): AccessRule {
  const [who = "", on = ""] = name.split("-");
  return { name, who, on, as: ["deploy", "ops"], for: 60, with: ["pty"], forwardTo: [], reserve: undefined, ...more };
}

export const small: Fleet = {
  vault: "https://vault.example.org:8200",
  namespace: undefined,
  domains: ["example.org"],
  hosts: [hostsOf("web"), hostsOf("db")],
  people: [peopleOf("platform", "platform-team"), peopleOf("dba")],
  access: [ruleOf("platform-web"), ruleOf("dba-db", { as: ["postgres-admin"] })],
  session: 10 * 3600,
  signIn: [
    {
      method: "oidc",
      ours: true,
      path: "oidc",
      session: 3600,
      issuer: "https://id.example.org",
      clientId: "ssh",
      scopes: ["openid", "groups"],
      userClaim: "email",
      groupsClaim: "groups",
      algorithms: ["RS256"],
    },
    { method: "userpass", ours: true, path: "userpass", session: 10 * 3600 },
  ],
  mounts: { hostCa: "host-ssh", userCa: "user-ssh" },
  limits: { signIn: 5, sign: 20, store: 10 },
  state: undefined,
};

export const fleetOf = (more: Partial<Fleet> = {}): Fleet => ({ ...small, ...more });
