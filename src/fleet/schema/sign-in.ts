/** The ways to sign in, as the fleet file has them: each is mounted by us, or is there already and left as it is. */
import * as z from "zod";
import { defaults } from "../defaults.js";
import { ranges } from "../durations.js";
import { claims, duration, listOf, text } from "./leaves.js";
import { problemOfExistingMount, problemOfIssuer, problemOfLdapUrl, problemOfMount, problemOfText } from "../texts.js";

const some = (description: string, example: string) => text(problemOfText, { description, examples: [example] });

/** What the provider signs with: never a secret that both sides know, nor nothing. */
const algorithm = z.enum(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"]);

const algorithms = listOf(algorithm, {
  description: "The algorithms that the provider signs with.",
  examples: [[...defaults.algorithms]],
}).default([...defaults.algorithms]);

const path = (usual: string) =>
  text(problemOfMount, { description: "Where it is mounted, below auth/.", examples: [usual] }).default(usual);

const session = (usual: string, how: string) =>
  duration(ranges.session, { description: `How long a sign-in lasts at most; ${how}.`, examples: [usual] }).optional();
const outside = "the usual one, or the fleet's session where that is shorter";

const issuer = text(problemOfIssuer, {
  description: "The issuer's address: OpenID Connect Discovery.",
  examples: ["https://id.example.org"],
});
const userClaim = some("The claim that says who it is; it must be nobody else's, now and later.", defaults.userClaim).default(
  defaults.userClaim,
);
const groupsClaim = some("The claim with the groups.", defaults.groupsClaim).default(defaults.groupsClaim);

const ca = (whose: string) =>
  some(
    `A file with the certificate of the private CA of ${whose}, from this file's folder. Left out: the CAs that Vault's machine trusts.`,
    "ca.pem",
  ).optional();

const existing = z.strictObject({
  existing: text(problemOfExistingMount, {
    description: "It is mounted there already, below auth/, and left as it is.",
    examples: ["oidc"],
  }),
});

const userpass = z.strictObject({
  path: path(defaults.userpass.path),
  session: session(defaults.session, "the fleet's session"),
});

const oidc = z.strictObject({
  issuer,
  "client-id": some(
    "What the provider knows Vault as. The client's secret is not for the file: apply --oidc-secret-file takes it.",
    "ssh-trust",
  ),
  "user-claim": userClaim,
  "groups-claim": groupsClaim,
  scopes: listOf(text(problemOfText, {}), {
    description: "Scopes that are asked for, beside openid.",
    examples: [["groups"]],
    least: 0,
  }).default([]),
  algorithms,
  ca: ca("the provider"),
  session: session(defaults.oidc.session, outside),
  path: path(defaults.oidc.path),
});

const jwt = z.strictObject({
  issuer,
  audience: some("Whom a token must be made for.", "https://vault.example.org:8200"),
  "user-claim": userClaim,
  "groups-claim": groupsClaim,
  claims: claims("Claims that a token must have, with the values that are accepted.", { repository: "org/app" }),
  algorithms,
  ca: ca("the issuer"),
  session: session(defaults.jwt.session, outside),
  path: path(defaults.jwt.path),
});

const ldap = z.strictObject({
  url: text(problemOfLdapUrl, {
    description: "The server, over TLS.",
    pattern: "^ldaps://",
    examples: ["ldaps://ldap.example.org"],
  }),
  "user-dn": some("Where people are.", "ou=people,dc=example,dc=org"),
  "user-attribute": some("What people sign in as.", defaults.ldap.userAttribute).default(defaults.ldap.userAttribute),
  "group-dn": some("Where groups are.", "ou=groups,dc=example,dc=org"),
  "group-filter": some("Finds the groups of somebody; a template of Vault's.", defaults.ldap.groupFilter).default(
    defaults.ldap.groupFilter,
  ),
  "group-attribute": some("What a group is called.", defaults.ldap.groupAttribute).default(defaults.ldap.groupAttribute),
  "bind-dn": some(
    "Who looks people up; the password is not for the file: apply --ldap-password-file takes it. Left out: the DN follows from the name.",
    "cn=vault,dc=example,dc=org",
  ).optional(),
  ca: ca("the server"),
  session: session(defaults.ldap.session, outside),
  path: path(defaults.ldap.path),
});

/** What is there already comes first: it has one key. */
const either = <T extends z.ZodType>(ours: T, description: string) => z.union([existing, ours]).meta({ description });

const passwords = "Names and passwords in Vault, with a second factor (TOTP).";

export const signIn = z
  .strictObject({
    userpass: either(userpass, passwords).nullable().meta({ description: passwords }).optional(),
    oidc: either(oidc, "OpenID Connect: people sign in in a browser.").optional(),
    jwt: either(jwt, "Tokens of another issuer, as CI systems give to their jobs.").optional(),
    ldap: either(ldap, "Names and passwords of an LDAP server.").optional(),
  })
  .default({ userpass: {} as z.output<typeof userpass> })
  .meta({
    minProperties: 1,
    description: "How people sign in.",
    examples: [{ oidc: { issuer: "https://id.example.org", "client-id": "ssh-trust" } }],
  });
