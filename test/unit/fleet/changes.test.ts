import { describe, expect, test } from "@jest/globals";
import { defaults } from "../../../src/fleet/defaults.js";
import type { JwtMethod, LdapMethod, SignInMethod } from "../../../src/fleet/fleet.js";
import { fleetOf, small } from "./fleet-of.js";
import { check, told, type Parts } from "./told.js";

test("the first fleet: all that it grants, and nothing else", () => {
  expect(told(undefined, fleetOf())).toEqual([
    "+ dba may now log in as postgres-admin on db (rule dba-db): 1m, pty",
    "+ platform may now log in as deploy, ops on web (rule platform-web): 1m, pty",
    "+ the group dba of people is new",
    "+ the group platform of people is new: members of the oidc group platform-team belong to it",
    "+ the group db of hosts is new: hosts named db-*.example.org, accounts deploy, ops and postgres-admin, certificates of 72h",
    "+ the group web of hosts is new: hosts named web-*.example.org, accounts deploy, ops and postgres-admin, certificates of 72h",
    "+ the host CA now vouches for names below example.org",
    "+ people may now sign in with oidc of https://id.example.org, named by the claim email, for 1h at most",
    "+ people may now sign in with userpass, for 10h at most",
  ]);
});

describe("signing in", () => {
  const [oidc, userpass] = small.signIn as [Extract<SignInMethod, { scopes: unknown }>, SignInMethod];
  const jwt: JwtMethod = {
    ...{ method: "jwt", ours: true, path: "jwt", session: 900, issuer: "https://ci.example.org", audience: "vault" },
    ...{ userClaim: "sub", groupsClaim: "groups", claims: { repository: ["org/app"] }, algorithms: ["RS256"] },
  };
  const ldap: LdapMethod = {
    ...{ method: "ldap", ours: true, path: "ldap", session: 3600, url: "ldaps://ldap.example.org", bindDn: undefined },
    ...{ userDn: "ou=people", userAttribute: "uid", groupDn: "ou=groups", groupAttribute: "cn" },
    groupFilter: defaults.ldap.groupFilter,
  };
  const methods = (...signIn: readonly SignInMethod[]): Parts => ({ signIn });
  check([
    ["a method that is gone", methods(oidc, userpass), methods(oidc), ["- people may no longer sign in with userpass"]],
    ["a new method", methods(oidc), methods(oidc, userpass), ["+ people may now sign in with userpass, for 10h at most"]],
    [
      "a provider",
      methods(),
      methods(oidc),
      ["+ people may now sign in with oidc of https://id.example.org, named by the claim email, for 1h at most"],
    ],
    [
      "an issuer of tokens",
      methods(),
      methods(jwt),
      [
        "+ people may now sign in with jwt of https://ci.example.org for the audience vault, " +
          "by tokens whose claim repository is org/app, for 15m at most",
      ],
    ],
    [
      "an issuer of tokens, whatever they claim",
      methods(),
      methods({ ...jwt, claims: {}, groupsClaim: "teams" }),
      [
        "+ people may now sign in with jwt of https://ci.example.org for the audience vault, " +
          "by every token of this issuer, with the groups of the claim teams, for 15m at most",
      ],
    ],
    ["a directory", methods(), methods(ldap), ["+ people may now sign in with ldap at ldaps://ldap.example.org, for 1h at most"]],
    [
      "a directory with a filter of its own",
      methods(),
      methods({ ...ldap, groupFilter: "(objectClass=*)" }),
      [
        "+ people may now sign in with ldap at ldaps://ldap.example.org, with the filter for groups (objectClass=*), for 1h at most",
      ],
    ],
    [
      "one that Vault has",
      methods(),
      methods({ method: "ldap", ours: false, path: "corp" }),
      ["+ people may now sign in with ldap, as Vault has it already at auth/corp: this file enforces no session there"],
    ],
    [
      "one that was ours, and now is Vault's",
      methods(oidc),
      methods({ method: "oidc", ours: false, path: "okta" }),
      ["+ sign-in with oidc is now Vault's own at auth/okta: this file no longer enforces a session of 1h"],
    ],
    [
      "passwords that were ours: the second factor is given up",
      methods(userpass),
      methods({ method: "userpass", ours: false, path: "userpass" }),
      [
        "+ sign-in with userpass is now Vault's own at auth/userpass: " +
          "this file no longer enforces a second factor or a session of 10h",
      ],
    ],
    [
      "tokens that were ours: the claims are given up",
      methods(jwt),
      methods({ method: "jwt", ours: false, path: "jwt" }),
      [
        "+ sign-in with jwt is now Vault's own at auth/jwt: " +
          "this file no longer enforces a session of 15m or a token's claim repository",
      ],
    ],
    [
      "passwords that are Vault's, newly",
      methods(),
      methods({ method: "userpass", ours: false, path: "userpass" }),
      [
        "+ people may now sign in with userpass, as Vault has it already at auth/userpass: " +
          "this file enforces neither a second factor nor a session there",
      ],
    ],
    [
      "one that was Vault's, and now is ours",
      methods({ method: "userpass", ours: false, path: "corp" }),
      methods(userpass),
      ["+ people may now sign in with userpass, for 10h at most, no longer as Vault has it at auth/corp"],
    ],
    [
      "another one of Vault's",
      methods({ method: "ldap", ours: false, path: "corp" }),
      methods({ method: "ldap", ours: false, path: "guests" }),
      ["+ sign-in with ldap is now Vault's own at auth/guests, not at auth/corp"],
    ],
    [
      "more algorithms, and fewer",
      methods(oidc, jwt),
      methods({ ...oidc, algorithms: ["RS256", "ES256"] }, { ...jwt, algorithms: [] }),
      [
        "- sign-in with jwt: the signing algorithms are now none, not RS256",
        "+ sign-in with oidc: the signing algorithms are now ES256 and RS256, not RS256",
      ],
    ],
    [
      "another audience, and other claims for names",
      methods(jwt),
      methods({ ...jwt, audience: "any", userClaim: "actor", groupsClaim: "teams" }),
      [
        "+ sign-in with jwt: the audience is now any, not vault",
        "+ sign-in with jwt: the claim with the person's name is now actor, not sub",
        "+ sign-in with jwt: the claim with the groups is now teams, not groups",
      ],
    ],
    [
      "its settings",
      methods(oidc),
      methods({ ...oidc, issuer: "https://other.example.org", path: "okta", scopes: [] }),
      [
        "+ sign-in with oidc: the issuer is now https://other.example.org, not https://id.example.org",
        "~ sign-in with oidc: the mount below auth/ is now okta, not oidc",
        "~ sign-in with oidc: the scopes are now none, not groups and openid",
      ],
    ],
    [
      "claims: the fewer are asked for, the more tokens are accepted",
      methods(jwt),
      methods({ ...jwt, claims: { constructor: ["b", "a"] } }),
      [
        "- sign-in with jwt: a token now needs the claim constructor: a or b",
        "+ sign-in with jwt: a token no longer needs the claim repository",
      ],
    ],
    [
      "values of a claim",
      methods(jwt),
      methods({ ...jwt, claims: { repository: ["org/other"] } }),
      [
        "- sign-in with jwt: a token with org/app as claim repository is no longer accepted",
        "+ sign-in with jwt: a token with org/other as claim repository is now accepted",
      ],
    ],
    [
      "the fleet's session, which userpass follows",
      {},
      { session: 8 * 3600, signIn: [oidc, { ...userpass, session: 8 * 3600 } as SignInMethod] },
      ["- a sign-in lasts at most 8h, not 10h", "~ a sign-in with oidc still lasts at most 1h"],
    ],
    [
      "a method's session",
      methods(oidc),
      methods({ ...oidc, session: 1800 }),
      ["- a sign-in with oidc lasts at most 30m, not 1h"],
    ],
    [
      "a method's longer session",
      methods(oidc),
      methods({ ...oidc, session: 7200 }),
      ["+ a sign-in with oidc lasts at most 2h, not 1h"],
    ],
  ]);
});

describe("what the fleet stands on", () => {
  const state = (settings: Readonly<Record<string, unknown>>): Parts => ({ state: { backend: "s3", settings } });
  const other = "if that is another CA, its key has to be trusted, and certificates have to be made again";
  check([
    ["Vault", {}, { vault: "https://v:8200" }, ["~ Vault is now at https://v:8200, not at https://vault.example.org:8200"]],
    [
      "Vault without TLS",
      {},
      { vault: "http://v:8200" },
      ["+ Vault is now at http://v:8200, not at https://vault.example.org:8200: tokens and passwords now go to Vault in clear"],
    ],
    ["its namespace", {}, { namespace: "a" }, ["~ Vault's namespace is now a, not the root"]],
    [
      "mounts",
      {},
      { mounts: { hostCa: "h", userCa: "user-ssh" } },
      [`~ the host CA is now the one at the mount h, not host-ssh: ${other}`],
    ],
    [
      "limits",
      {},
      { limits: { signIn: 6, sign: 21, store: 10 } },
      [
        "~ one address may now make 6 requests a second for signing in, not 5",
        "~ one address may now make 21 requests a second for having keys signed, not 20",
      ],
    ],
    [
      "a state",
      {},
      state({}),
      ["~ Terraform's state is now kept in s3, not in a file beside the fleet file: it has to be moved"],
    ],
    [
      "a state's settings, which may be secret",
      state({ bucket: "b", secret_key: "one", nested: { a: 1, b: 2 } }),
      state({ bucket: "b", secret_key: "two", nested: { b: 2, a: 1 } }),
      ["~ Terraform's state in s3 has other settings (secret_key): if it is then elsewhere, it has to be moved"],
    ],
  ]);
});
