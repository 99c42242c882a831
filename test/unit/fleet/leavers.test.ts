import { expect, test } from "@jest/globals";
import type { Fleet, LdapMethod, SignInMethod } from "../../../src/fleet/fleet.js";
import { describeLeavers, withRulesBefore } from "../../../src/fleet/leavers.js";
import { fleetOf, peopleOf, ruleOf, small } from "./fleet-of.js";

const ldap: LdapMethod = {
  method: "ldap",
  ours: true,
  path: "ldap",
  session: 1800,
  url: "ldaps://ldap.example.org",
  userDn: "ou=people",
  userAttribute: "uid",
  groupDn: "ou=groups",
  groupFilter: "",
  groupAttribute: "cn",
  bindDn: undefined,
};
const existing: SignInMethod = { method: "oidc", ours: false, path: "okta" };
const { signIn } = small;
const others = signIn.filter(({ method }) => method !== "oidc");
const platformWeb = [ruleOf("platform-web")];
const openSessions = "sessions that are open outlive a removal: they are ended on the hosts";
const atOnce = "(disabling the entity acts at once)";
const team = "after leaving the oidc group platform-team";

test.each<[string, Partial<Fleet>, readonly string[]]>([
  ["no rule", { access: [] }, []],
  ["people whom Vault lists", { access: [ruleOf("dba-db", { for: 300 })] }, ["dba-db: 5m", openSessions]],
  ["people whom a provider lists", { access: platformWeb }, [`platform-web: 1m; ${team} 1h1m ${atOnce}`, openSessions]],
  [
    "a reserve: the certificates run side by side",
    { access: [ruleOf("platform-web", { reserve: 1800 })] },
    [`platform-web: 30m with the reserve certificate, 1m without; ${team} 1h30m ${atOnce}`, openSessions],
  ],
  ["a reserve that is over sooner", { access: [ruleOf("dba-db", { for: 7200, reserve: 60 })] }, ["dba-db: 2h", openSessions]],
  [
    "a method that Vault has already: nobody here knows its tokens",
    { access: platformWeb, signIn: [...others, existing] },
    [`platform-web: 1m; ${team} as long as its own tokens live, and 1m more ${atOnce}`, openSessions],
  ],
  [
    "one that we set up beside one that Vault has: the unknown one counts",
    { access: platformWeb, signIn: [...signIn, existing] },
    [`platform-web: 1m; ${team} as long as its own tokens live, and 1m more ${atOnce}`, openSessions],
  ],
  [
    "two of one method: the longer sign-in counts",
    { access: platformWeb, signIn: signIn.flatMap((one) => [one, one.ours ? { ...one, path: "more", session: 7200 } : one]) },
    [`platform-web: 1m; ${team} 2h1m ${atOnce}`, openSessions],
  ],
  [
    "several groups, each with its method's sign-in",
    {
      access: platformWeb,
      signIn: [...signIn, ldap],
      people: [
        { ...peopleOf("platform", "platform-team"), members: [{ method: "ldap", group: "ops" }, ...peopleOf("", "a").members] },
      ],
    },
    [`platform-web: 1m; after leaving the ldap group ops 31m; after leaving the oidc group a 1h1m ${atOnce}`, openSessions],
  ],
  [
    "a group that Vault has already",
    { access: platformWeb, people: [{ name: "platform", members: [], identityGroups: ["sre"] }] },
    [
      `platform-web: 1m; after leaving Vault's group sre 1m, and as long as a sign-in more where an identity provider says who is in it ${atOnce}`,
      openSessions,
    ],
  ],
  [
    "a name that would move a terminal's cursor",
    { access: platformWeb, people: [peopleOf("platform", "a\u001b[2Jb\n")] },
    [String.raw`platform-web: 1m; after leaving the oidc group a\033[2Jb\012 1h1m ${atOnce}`, openSessions],
  ],
])("%s", (_what, more, lines) => {
  expect(describeLeavers(fleetOf(more))).toEqual(lines);
});

test("a rule that is gone, or was longer, counts as it was: its certificates are still about", () => {
  const rule = { who: "dba", on: "db", as: ["ops"], with: ["pty"], forwardTo: [] } as const;
  const before = fleetOf({
    access: [
      { ...rule, name: "gone", for: 300, reserve: undefined },
      { ...rule, name: "kept", for: 600, reserve: 3600 },
    ],
  });
  const after = { ...before, access: [{ ...rule, name: "kept", for: 60, reserve: undefined }] };
  const lines = describeLeavers(withRulesBefore(after, before));
  expect(lines[0]).toMatch(/^kept: 1h with the reserve certificate, 10m without/);
  expect(lines[1]).toMatch(/^gone: 5m/);
  expect(withRulesBefore(after, undefined)).toBe(after);
});
