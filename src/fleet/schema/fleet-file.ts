/**
 * The fleet file: its keys, what stands behind each, and what it is for. From it come the checks of each value, the JSON schema for
 * editors, and what `docs/fleet.md` is held against. What values have to do with one another is checked elsewhere.
 */
import * as z from "zod";
import { defaults } from "../defaults.js";
import { ranges } from "../durations.js";
import { permissions } from "../fleet.js";
import { hostTokens } from "./host-tokens.js";
import { directory } from "./directory.js";
import { duration, listOf, map, perSecond, text } from "./leaves.js";
import { problemOfAccount, problemOfHostName } from "../names.js";
import { signIn } from "./sign-in.js";
import { state } from "./state.js";
import { problemOfAddress, problemOfMount, problemOfNamespace, problemOfText } from "../texts.js";

const some = text(problemOfText, { examples: ["platform-team"] });
/** The names of groups and rules are checked where all of them are known. */
const namePattern = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$";
const name = (description: string, example: string) =>
  z.string().meta({ description, examples: [example], pattern: namePattern });

const account = text(problemOfAccount, { examples: ["deploy"], pattern: "^[a-z0-9_][a-z0-9._-]{0,31}$" });
const accounts = (description: string) => listOf(account, { description, examples: [["deploy", "ops"]] });

const hostGroup = z.strictObject({
  names: listOf(z.string(), {
    description: "The hosts' names, as patterns: * is any characters, ? is one. All of them below one of the domains.",
    examples: ["web-*.example.org"],
  }),
  also: listOf(text(problemOfHostName, {}), {
    description: "Other names that each host of the group may stand for, such as a load balancer's; no patterns.",
    examples: [["www.example.org"]],
    least: 0,
  }).optional(),
  accounts: accounts("The accounts that people may log in to."),
  for: duration(ranges.host, {
    description: "How long a host's certificate is valid; it is renewed at a third of that.",
  }).default(defaults.hostFor),
  forget: duration(ranges.forget, {
    description: "How long after its last word a host is listed as silent; nothing is removed.",
    examples: ["7d"],
  }).default(defaults.hostForget),
  jwt: hostTokens.optional(),
});

const groupsOf = (method: string, example: string) =>
  listOf(some, {
    description: `A group of ${method} whose members belong to this one; or a list of groups.`,
    examples: [example],
  }).optional();

const peopleGroup = z
  .strictObject({
    oidc: groupsOf("the OpenID Connect provider", "platform-team"),
    ldap: groupsOf("the LDAP server", "platform-team"),
    jwt: groupsOf("the issuer of tokens", "org/app"),
    "identity-group": groupsOf("Vault's own (identity groups), by name,", "admins"),
  })
  .meta({ examples: [{}, { oidc: "platform-team" }] });

const rule = z.strictObject({
  name: name("What the rule is called, in Vault and in logs.", "platform-web"),
  who: name("A group of people.", "platform"),
  on: name("A group of hosts.", "web"),
  as: listOf(z.string(), { description: "Accounts of that group of hosts.", examples: [["deploy", "ops"]] }),
  for: duration(ranges.rule, { description: "How long a certificate is valid: for the login, not for what follows it." }).default(
    defaults.ruleFor,
  ),
  with: listOf(z.enum(Object.keys(permissions) as (keyof typeof permissions)[]), {
    description: "What a login may use beyond running a command.",
    examples: [["pty", "port-forwarding"]],
    least: 0,
  }).default([...defaults.with]),
  "forward-to": listOf(z.string(), {
    description: "With agent-forwarding: the groups of hosts that may be reached with a forwarded agent.",
    examples: [["db"]],
  }).optional(),
  reserve: duration(ranges.reserve, {
    description: "How long a certificate is valid that is made for the time when Vault does not answer. Left out: there is none.",
    examples: ["1h"],
  }).optional(),
});

const mount = (description: string, usual: string) => text(problemOfMount, { description, examples: [usual] }).default(usual);

/** The name of a group is a key; it is checked with the others. */
const groups = <T extends z.ZodType>(each: T, description: string, examples: readonly unknown[]) =>
  map(each, namePattern).meta({ description, examples: [...examples] });

export const fleetFile = z
  .strictObject({
    vault: text(problemOfAddress, {
      description: "Vault's address, as people and hosts reach it.",
      examples: ["https://vault.example.org:8200"],
      pattern: "^https?://[^/?#@\\s]+/*$",
    }),
    namespace: text(problemOfNamespace, {
      description: "A namespace of Vault. Left out: none.",
      examples: ["team-a"],
    }).optional(),
    domains: listOf(z.string(), {
      description: "The only names that the host CA vouches for are below these.",
      examples: [["example.org"]],
    }),
    hosts: groups(hostGroup, "Groups of hosts, by name.", [{ web: { names: "web-*.example.org", accounts: ["deploy"] } }]),
    people: groups(
      peopleGroup.nullable(),
      "Groups of people, by name. Who is in one: groups of a sign-in method, or whom you add.",
      [{ platform: { oidc: "platform-team" }, dba: {} }],
    ).default({}),
    access: z
      .array(rule)
      .default([])
      .meta({
        description: "Who may log in where as whom, for how long, with what.",
        examples: [[{ name: "platform-web", who: "platform", on: "web", as: ["deploy"] }]],
      }),
    session: duration(ranges.session, {
      description: "How long a sign-in lasts at most, where its method does not say otherwise.",
    }).default(defaults.session),
    "sign-in": signIn,
    mounts: z
      .strictObject({
        "host-ca": mount("The mount of the CA that signs hosts' keys.", defaults.mounts["host-ca"]),
        "user-ca": mount("The mount of the CA that signs people's keys.", defaults.mounts["user-ca"]),
      })
      .default({ ...defaults.mounts })
      .meta({ description: "Where Vault has the two CAs.", examples: [defaults.mounts] }),
    limits: z
      .strictObject({
        "sign-in": perSecond("Requests a second to sign in.", defaults.limits["sign-in"]),
        sign: perSecond("Requests a second to have keys signed.", defaults.limits.sign),
        store: perSecond("Requests a second to the store of the fleet.", defaults.limits.store),
      })
      .default({ ...defaults.limits })
      .meta({ description: "Requests a second that Vault takes from one address.", examples: [defaults.limits] }),
    directory,
    state,
  })
  .meta({ title: "ssh-trust.yaml", description: "A fleet: who may log in where as whom." });

/** A fleet file that nothing is wrong with, as it is written: with kebab-case keys, and each default filled in. */
export type FleetFile = z.output<typeof fleetFile>;
