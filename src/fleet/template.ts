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

/** Where what is said beside a line begins, if the line is not longer; and where lines end, but for long names. */
const column = 38;
const width = 80;

export function fleetTemplate({ vault, domains }: Beginning): string {
  const [domain = ""] = domains;
  const { ldap, oidc, jwt, limits, mounts } = defaults;
  return written([
    schemaLine,
    "# Who may log in where as whom. Change it, then see what that means:",
    "# ssh-trust apply --plan. Lines with # show defaults or examples; the page",
    "# docs/fleet.md of the package ssh-trust explains each key.",
    "",
    [`vault: ${word(vault)}`, "as people and hosts reach it"],
    ["# namespace: team-a", "default: none"],
    ["", ""],
    [`domains: [${domains.map(word).join(", ")}]`, "the host CA vouches for names below these, and no others"],
    "",
    "# Groups of hosts, each with patterns of their names: * is any characters, ? is",
    "# one. No name is in two groups.",
    "hosts:",
    "  web:",
    [`    names: ["web-*.${domain}"]`, ""],
    ["    accounts: [deploy]", "what people may log in to"],
    [`    # also: [www.${domain}]`, "other names of theirs, no patterns"],
    [`    # for: ${defaults.hostFor}`, "how long a host's certificate is valid"],
    [`    # forget: ${defaults.hostForget}`, "how long after its last word it is listed as silent"],
    ["    # jwt:", "machines enrol themselves, by tokens of a platform"],
    ["    #   mount: kubernetes", "of type jwt, in Vault already"],
    ["    #   claim: /kubernetes.io/pod/name", "the host's name, without its domain"],
    `    #   audience: ${word(vault)}`,
    "    #   claims: { /kubernetes.io/namespace: web }",
    "",
    "# Groups of people. {}: people are invited (docs/people.md).",
    "people:",
    "  admins: {}",
    ["  # platform: { oidc: platform-team }", "a provider's group: oidc, ldap or jwt"],
    ["  # others: { identity-group: others }", "a group that Vault has already"],
    "",
    "# Rules: who may log in where as whom. Each is a certificate.",
    "access:",
    "  - name: admins-web",
    "    who: admins",
    "    on: web",
    "    as: [deploy]",
    [`    # for: ${defaults.ruleFor}`, "how long the certificate is valid"],
    [`    # with: [${defaults.with.join(", ")}]`, `may use: ${Object.keys(permissions).join(", ")}`],
    ["    # forward-to: [web]", "where a forwarded agent may lead"],
    ["    # reserve: 1h", "for when Vault does not answer"],
    "",
    [`# session: ${defaults.session}`, "how long a sign-in lasts at most"],
    "",
    "# How people sign in: each in Vault at auth/<path>. One that is there already",
    "# is named: oidc: { existing: oidc }",
    "# sign-in:",
    [`#   userpass: { path: ${defaults.userpass.path} }`, "passwords and a second factor"],
    "#   oidc:",
    "#     issuer: https://id.example.org",
    "#     client-id: ssh-trust",
    `#     user-claim: ${defaults.userClaim}`,
    `#     groups-claim: ${defaults.groupsClaim}`,
    "#     scopes: []",
    `#     algorithms: [${defaults.algorithms.join(", ")}]`,
    ["#     ca: provider-ca.pem", "a file: its private CA, if it has one"],
    `#     session: ${oidc.session}`,
    `#     path: ${oidc.path}`,
    ["#   jwt:", "tokens of CI jobs"],
    "#     issuer: https://ci.example.org",
    `#     audience: ${word(vault)}`,
    ["#     claims: { repository: org/app }", "what a token must say; default: nothing"],
    "#     ca: issuer-ca.pem",
    `#     session: ${jwt.session}`,
    `#     path: ${jwt.path}`,
    "#   ldap:",
    "#     url: ldaps://ldap.example.org",
    "#     user-dn: ou=people,dc=example,dc=org",
    `#     user-attribute: ${ldap.userAttribute}`,
    "#     group-dn: ou=groups,dc=example,dc=org",
    ['#     group-filter: "(member={{.UserDN}})"', "default: see docs/fleet.md"],
    `#     group-attribute: ${ldap.groupAttribute}`,
    "#     bind-dn: cn=vault,dc=example,dc=org",
    "#     ca: ldap-ca.pem",
    `#     session: ${ldap.session}`,
    `#     path: ${ldap.path}`,
    "",
    [`# mounts: { host-ca: ${mounts["host-ca"]}, user-ca: ${mounts["user-ca"]} }`, "where Vault has the two CAs"],
    [`# limits: { ${pairs(limits)} }`, "a second, from one address"],
    "# directory:",
    ["#   address: https://directory.example.org", "the page that shows the hosts"],
    ["#   open-to: [10.0.0.0/8]", "who may read it without signing in"],
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
  `${lines.map((line) => (typeof line === "string" ? line : beside(line))).join("\n")}\n`;

/** Above it, where it would not fit on the line; of a line that is a comment, so that it stays one when that is uncommented. */
function beside([line, said]: readonly [string, string]): string {
  if (said === "") return line;
  const together = `${line.padEnd(column)} # ${said}`;
  return together.length <= width ? together : `${/^ *(?:# *)?/.exec(line)?.[0] ?? ""}# ${said}\n${line}`;
}
