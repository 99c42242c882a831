/** What a person meant who wrote something else: it is said where it would be taken, and only there. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("nothing is offered that would be refused", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "an account with another sign",
      { "4": "  web: { names: web-*.example.org, accounts: [Deploy!, -Ops] }", "10": "" },
      ['4:47: hosts.web.accounts[0]: "Deploy!" has capital letters', '4:56: hosts.web.accounts[1]: "-Ops" has capital letters'],
    ],
    [
      "a group with another sign",
      { "5": "  DB_x: { names: [db-*.example.org], accounts: [postgres] }", "11": "" },
      ['5:3: hosts.DB_x: "DB_x" has capital letters, and Vault does not tell them apart'],
    ],
    [
      "a public suffix",
      { "2": "domains: ['*.org', example.org]" },
      ['2:11: domains[0]: "*.org" begins with a wildcard or a dot; all names below a domain are meant already'],
    ],
    [
      "wildcards before a domain",
      { "2": "domains: ['*.*.example.org']" },
      [
        '2:11: domains[0]: "*.*.example.org" begins with a wildcard or a dot; all names below a domain are meant already; did you mean "example.org"?',
      ],
    ],
    [
      "a dot behind a domain with capitals",
      { "2": "domains: [Example.org.]" },
      ['2:11: domains[0]: "Example.org." ends with a dot; did you mean "example.org"?'],
    ],
    [
      "Vault without TLS",
      { "1": "vault: http://vault.example.org:8200/ui" },
      [
        '1:8: vault: "http://vault.example.org:8200/ui" has more than host and port; did you mean "https://vault.example.org:8200"?',
      ],
    ],
    ["a namespace with another fault", { "14": "namespace: /a//b/" }, ['14:12: namespace: "/a//b/" begins or ends with /']],
    ["a namespace of Vault's", { "14": "namespace: /root/" }, ['14:12: namespace: "/root/" begins or ends with /']],
    [
      "a mount with capitals",
      { "14": "mounts: { host-ca: /SSH/ }" },
      ['14:20: mounts.host-ca: "/SSH/" begins or ends with /; did you mean "ssh"?'],
    ],
    [
      "a path with a blank",
      { "7": "  platform: {}", "13": "  oidc: { existing: auth/oi dc/ }" },
      ['13:21: sign-in.oidc.existing: "auth/oi dc/" is the path below auth/, without / around it'],
    ],
    [
      "a short name that no host can have",
      { "4": "  web: { names: '-web', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "-web" is not below the domain example.org'],
    ],
    [
      "a short name with capitals",
      { "4": "  web: { names: 'Web-1', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "Web-1" has capital letters; did you mean "web-1.example.org"?'],
    ],
    [
      "an LDAP server with a path",
      {
        "13": "  oidc: { issuer: https://id.example.org, client-id: ssh-trust }\n  ldap: { url: 'ldap://a/x', user-dn: a, group-dn: b }",
      },
      ['14:16: sign-in.ldap.url: "ldap://a/x" is not encrypted, and passwords go over it; did you mean "ldaps://a"?'],
    ],
    [
      "a key that is there already",
      { "14": "host: {}" },
      [
        '14:1: host: unknown key "host"; there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state',
      ],
    ],
    [
      "a permission that is there already",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploy, ops], with: [pty, tty] }" },
      [
        '10:82: access[0].with[1]: unknown value "tty"; there are: pty, port-forwarding, agent-forwarding, x11-forwarding, user-rc',
      ],
    ],
    [
      "an account that is there already",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploy, deplyo] }" },
      ['10:64: access[0].as[1]: "deplyo" is not an account of the group "web"; there are: deploy, ops'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("one rule, one group", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "of people",
      { "10": "  - { name: platform-web, who: [platform, dba], on: web, as: [deploy, ops] }" },
      ["10:32: access[0].who: a rule has one group of people: write one rule for each group"],
    ],
    [
      "of hosts",
      { "10": "  - { name: platform-web, who: platform, on: [web, db], as: [deploy, ops] }" },
      ["10:46: access[0].on: a rule has one group of hosts: write one rule for each group"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("people are not in the file", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "a list of them",
      { "8": "  dba: {}\n  admins: [alice]" },
      [
        "9:11: people.admins: people are not in the file, groups are: write {} and add its members in Vault, or name a group of a way to sign in, as { oidc: platform-team }",
      ],
    ],
    [
      "one of them",
      { "8": "  dba: alice" },
      [
        "8:8: people.dba: people are not in the file, groups are: write {} and add its members in Vault, or name a group of a way to sign in, as { oidc: platform-team }",
      ],
    ],
    [
      "members of a group",
      { "8": "  dba: { members: [alice, bob] }" },
      [
        '8:10: people.dba.members: unknown key "members": people are not in the file, groups are: write {} and add its members in Vault, or name a group of a way to sign in, as { oidc: platform-team }',
      ],
    ],
    [
      "a key for them",
      { "14": "users:\n  - alice" },
      ['14:1: users: unknown key "users": people are not in the file, groups of people are, below "people"'],
    ],
    [
      "a group of them at the top",
      { "14": "admins: [alice]" },
      ['14:1: admins: unknown key "admins": people are not in the file, groups of people are, below "people"'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("words of others", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "an account of a rule",
      { "10": "  - { name: platform-web, who: platform, on: web, user: deploy }" },
      [
        '10:3: access[0].as: the key "as" is missing, such as as: [deploy, ops]',
        '10:51: access[0].user: unknown key "user"; did you mean "as"?',
      ],
    ],
    [
      "a life of a rule",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploy, ops], ttl: 5m }" },
      ['10:70: access[0].ttl: unknown key "ttl"; did you mean "for"?'],
    ],
    [
      "accounts of hosts",
      { "4": "  web: { names: web-*.example.org, users: [deploy, ops] }" },
      [
        '4:3: hosts.web.accounts: the key "accounts" is missing, such as accounts: [deploy, ops]',
        '4:36: hosts.web.users: unknown key "users"; did you mean "accounts"?',
      ],
    ],
    [
      "names of hosts",
      { "4": "  web: { hosts: web-*.example.org, accounts: [deploy, ops] }" },
      [
        '4:3: hosts.web.names: the key "names" is missing, such as names: web-*.example.org',
        '4:10: hosts.web.hosts: unknown key "hosts"; did you mean "names"?',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
