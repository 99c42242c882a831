/** What `init` writes: a fleet file to be changed, with every key in it or in a comment. */
import { stringify } from "yaml";
import { defaults } from "./defaults.js";
import { permissions } from "./fleet.js";
import { schemaLine } from "./write-schema.js";

export interface Beginning {
  readonly vault: string;
  /** At least one. */
  readonly domains: readonly string[];
}

/** A line, and what is said beside it. */
type Line = string | readonly [line: string, beside: string];

/** Where what is said beside a line begins, if the line is not longer. */
const column = 44;

export function fleetTemplate({ vault, domains }: Beginning): string {
  const [domain = ""] = domains;
  const { ldap, oidc, jwt, limits, mounts } = defaults;
  const others = Object.keys(permissions).filter((each) => !(defaults.with as readonly string[]).includes(each));
  return written([
    schemaLine,
    "# Who may log in where as whom. Change it, then see what that means: ssh-trust apply --plan",
    "# Lines with # show defaults or examples. docs/fleet.md explains each key.",
    "",
    [`vault: ${word(vault)}`, "as people and hosts reach it"],
    ["# namespace: team-a", "default: none"],
    ["", ""],
    [`domains: [${domains.map(word).join(", ")}]`, "the host CA vouches for names below these, and no others"],
    "",
    "# Groups of hosts, each with patterns of their names: * is any characters, ? is one. No name is in two groups.",
    "hosts:",
    "  web:",
    [`    names: ["web-*.${domain}"]`, ""],
    ["    accounts: [deploy]", "what people may log in to"],
    [`    # also: [www.${domain}]`, "other names of these hosts: no patterns"],
    [`    # for: ${defaults.hostFor}`, "how long a host's certificate is valid"],
    "",
    "# Groups of people. {}: add people with ssh-trust people add",
    "people:",
    "  admins: {}",
    ["  # platform: { oidc: platform-team }", "a group of a way to sign in: oidc, ldap, jwt"],
    ["  # others: { identity-group: others }", "a group that Vault has already"],
    "",
    "# Rules: who may log in where as whom. Each is a certificate.",
    "access:",
    "  - name: admins-web",
    "    who: admins",
    "    on: web",
    "    as: [deploy]",
    [`    # for: ${defaults.ruleFor}`, "how long the certificate is valid: a login is quick"],
    [`    # with: [${defaults.with.join(", ")}]`, `and ${others.join(", ")}`],
    ["    # forward-to: [web]", "with agent-forwarding: the hosts that it may reach"],
    ["    # reserve: 1h", "for when Vault does not answer; default: none"],
    "",
    [`# session: ${defaults.session}`, "how long a sign-in lasts at most"],
    "",
    "# How people sign in: each in Vault at auth/<path>. What is there already: oidc: { existing: oidc }",
    "# sign-in:",
    [`#   userpass: { path: ${defaults.userpass.path} }`, "names, passwords and a second factor, in Vault"],
    "#   oidc:",
    "#     issuer: https://id.example.org",
    "#     client-id: ssh-trust",
    `#     user-claim: ${defaults.userClaim}`,
    `#     groups-claim: ${defaults.groupsClaim}`,
    "#     scopes: []",
    `#     algorithms: [${defaults.algorithms.join(", ")}]`,
    `#     session: ${oidc.session}`,
    `#     path: ${oidc.path}`,
    ["#   jwt:", "tokens of CI jobs"],
    "#     issuer: https://ci.example.org",
    `#     audience: ${word(vault)}`,
    ["#     claims: { repository: org/app }", "what a token must say; default: nothing"],
    `#     session: ${jwt.session}`,
    `#     path: ${jwt.path}`,
    "#   ldap:",
    "#     url: ldaps://ldap.example.org",
    "#     user-dn: ou=people,dc=example,dc=org",
    `#     user-attribute: ${ldap.userAttribute}`,
    "#     group-dn: ou=groups,dc=example,dc=org",
    `#     group-filter: ${JSON.stringify(ldap.groupFilter)}`,
    `#     group-attribute: ${ldap.groupAttribute}`,
    "#     bind-dn: cn=vault,dc=example,dc=org",
    `#     session: ${ldap.session}`,
    `#     path: ${ldap.path}`,
    "",
    [`# mounts: { host-ca: ${mounts["host-ca"]}, user-ca: ${mounts["user-ca"]} }`, "where Vault has the two CAs"],
    [`# limits: { ${pairs(limits)} }`, "requests a second from one address"],
    ["# state: { s3: { bucket: fleet, key: ssh-trust, region: eu-central-1 } }", "Terraform's; else a file beside this one"],
  ]);
}

/** As YAML has to have it: a domain may be called "null". */
const word = (text: string) => stringify(text).trim();

const pairs = (map: Readonly<Record<string, number>>) =>
  Object.entries(map)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(", ");

const written = (lines: readonly Line[]): string =>
  lines
    .map((line) =>
      typeof line === "string" ? line : `${line[0].padEnd(line[1] === "" ? 0 : column)}${line[1] === "" ? "" : ` # ${line[1]}`}`,
    )
    .join("\n") + "\n";
