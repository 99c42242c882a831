/** Keys and kinds of values: every mistake with its place, and what was meant. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("keys", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "an unknown one",
      { "14": "colour: red" },
      [
        '14:1: colour: unknown key "colour"; there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state',
      ],
    ],
    ["one with a slip", { "14": "sesion: 10h" }, ['14:1: sesion: unknown key "sesion"; did you mean "session"?']],
    ["one in another case", { "14": "Session: 8h" }, ['14:1: Session: unknown key "Session"; did you mean "session"?']],
    [
      "one in another case, which is there already",
      { "14": "signIn: {}" },
      [
        '14:1: signIn: unknown key "signIn"; there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state',
      ],
    ],
    [
      "one of a group",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops], port: 22 }" },
      ['4:61: hosts.web.port: unknown key "port"; there are: names, also, accounts, for, forget, jwt'],
    ],
    [
      "one of a rule",
      { "10": "  - { name: platform-web, who: platform, on: web, as: deploy, until: 1m }" },
      ['10:63: access[0].until: unknown key "until"; there are: name, who, on, as, for, with, forward-to, reserve'],
    ],
    ["vault is missing", { "1": "" }, ['2:1: vault: the key "vault" is missing, such as vault: https://vault.example.org:8200']],
    ["domains are missing", { "2": "" }, ['1:1: domains: the key "domains" is missing, such as domains: [example.org]']],
    [
      "hosts are called otherwise",
      { "3": "host:" },
      [
        '1:1: hosts: the key "hosts" is missing, such as hosts: { web: { names: web-*.example.org, accounts: [deploy] } }',
        '3:1: host: unknown key "host"; did you mean "hosts"?',
      ],
    ],
    [
      "accounts are missing",
      { "4": "  web: { names: web-*.example.org, account: deploy }" },
      [
        '4:3: hosts.web.accounts: the key "accounts" is missing, such as accounts: [deploy, ops]',
        '4:36: hosts.web.account: unknown key "account"; did you mean "accounts"?',
      ],
    ],
    [
      "a rule without a name",
      { "10": "  - { who: platform, on: web, as: deploy }" },
      ['10:3: access[0].name: the key "name" is missing, such as name: platform-web'],
    ],
    ["a rule that is nothing", { "10": "  -" }, ["10:4: access[0]: a map (key: value) is needed, and this is nothing"]],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("kinds of values", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "a number where a unit is needed",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploy, ops], for: 60 }" },
      ["10:75: access[0].for: 60 has no unit; did you mean 60s or 60m?"],
    ],
    [
      "the same in quotes",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploy, ops], for: '60' }" },
      ['10:75: access[0].for: "60" has no unit; did you mean "60s" or "60m"?'],
    ],
    [
      "a number that minutes or hours would do for",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops], for: 72 }" },
      ["4:66: hosts.web.for: 72 has no unit; did you mean 72m or 72h?"],
    ],
    [
      "one in quotes that hours or days would do for",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops], for: '7' }" },
      ['4:66: hosts.web.for: "7" has no unit; did you mean "7h" or "7d"?'],
    ],
    ["a session of a number", { "14": "session: 8" }, ["14:10: session: 8 has no unit; did you mean 8m or 8h?"]],
    ["a session of nothing", { "14": "session: 0" }, ["14:10: session: 0 has no unit, and has to be between 5m and 24h"]],
    [
      "a reserve of a number",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, reserve: 1 }" },
      ["11:62: access[1].reserve: 1 has no unit; did you mean 1m or 1h?"],
    ],
    [
      "true for a duration",
      { "14": "session: true" },
      ["14:10: session: a duration between 5m and 24h is needed, and this is a boolean"],
    ],
    [
      "text for a map",
      { "8": "  dba: yes" },
      [
        "8:8: people.dba: people are not in the file, groups are: write {} and add its members in Vault, or name a group of a way to sign in, as { oidc: platform-team }",
      ],
    ],
    [
      "a number for a name",
      { "4": "  web: { names: 3, accounts: [deploy, ops] }" },
      ["4:17: hosts.web.names: 3 is a number, and text is needed: put it in quotes"],
    ],
    [
      "true for a name",
      { "11": "  - { name: true, who: dba, on: db, as: postgres }" },
      ["11:13: access[1].name: true is a boolean, and text is needed: put it in quotes"],
    ],
    ["a list of lists", { "2": "domains: [[example.org]]" }, ["2:11: domains[0]: text is needed, and this is a list"]],
    [
      "nothing for text",
      { "1": "vault:" },
      ["1:7: vault: text is needed, and this is nothing, such as vault: https://vault.example.org:8200"],
    ],
    [
      "nothing for a list",
      { "2": "domains:" },
      ["2:9: domains: text or a list is needed, and this is nothing, such as domains: [example.org]"],
    ],
    [
      "nothing for a map",
      { "13": "" },
      [
        "12:9: sign-in: a map (key: value) is needed, and this is nothing, such as sign-in: { oidc: { issuer: https://id.example.org, client-id: ssh-trust } }",
      ],
    ],
    [
      "a map for a list",
      { "9": "access: {}", "10": "", "11": "" },
      [
        "9:9: access: a list is needed, and this is a map (key: value), such as access: [{ name: platform-web, who: platform, on: web, as: [deploy] }]",
      ],
    ],
    [
      "a list for a map",
      { "6": "people: [platform, dba]", "7": "", "8": "" },
      [
        "6:9: people: a map (key: value) is needed, and this is a list, such as people: { platform: { oidc: platform-team }, dba: {} }",
      ],
    ],
    [
      "text for a group of hosts",
      { "4": "  web: web-*.example.org" },
      ['4:8: hosts.web: a map (key: value) is needed, and this is "web-*.example.org"'],
    ],
    [
      "an empty list",
      { "4": "  web: { names: [], accounts: [deploy, ops] }" },
      ["4:17: hosts.web.names: is empty: at least one is needed"],
    ],
    ["an empty list of domains", { "2": "domains: []" }, ["2:10: domains: is empty: at least one is needed"]],
    [
      "no group of hosts",
      { "3": "hosts: {}", "4": "", "5": "" },
      ["3:8: hosts: there is no group of hosts; write one, such as web: { names: web-*.example.org, accounts: [deploy] }"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("texts and numbers", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "no address",
      { "1": "vault: vault.example.org" },
      ['1:8: vault: "vault.example.org" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "another protocol",
      { "1": "vault: ftp://vault.example.org" },
      ['1:8: vault: "ftp://vault.example.org" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "an address without TLS",
      { "1": "vault: http://vault.example.org:8200" },
      [
        '1:8: vault: "http://vault.example.org:8200" is not https, and passwords and tokens go there; http is for 127.0.0.1 and localhost only',
      ],
    ],
    [
      "an address with a path",
      { "1": "vault: https://vault.example.org/ui" },
      ['1:8: vault: "https://vault.example.org/ui" has more than host and port; did you mean "https://vault.example.org"?'],
    ],
    [
      "an address with a blank",
      { "1": "vault: https://vault example" },
      ['1:8: vault: "https://vault example" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "what Terraform would fill in",
      { "1": "vault: https://${file(1)}" },
      ['1:8: vault: "https://${file(1)}" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "a wildcard for a host",
      { "1": "vault: https://*.example.org" },
      ['1:8: vault: "https://*.example.org" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "two addresses",
      { "1": "vault: https://a,https://b" },
      ['1:8: vault: "https://a,https://b" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "a port over all",
      { "1": "vault: https://vault.example.org:82000" },
      ['1:8: vault: "https://vault.example.org:82000" is not an address; write it as https://vault.example.org:8200'],
    ],
    [
      "a namespace with slashes around",
      { "14": "namespace: /team-a/" },
      ['14:12: namespace: "/team-a/" begins or ends with /; did you mean "team-a"?'],
    ],
    [
      "a namespace of Vault's",
      { "14": "namespace: a/root" },
      ['14:12: namespace: "a/root" has a part that no namespace can be called: "root"'],
    ],
    ["an empty namespace", { "14": "namespace: ''" }, ['14:12: namespace: "" is not a namespace: names with / between them']],
    [
      "a session over a day",
      { "14": "session: 25h" },
      ['14:10: session: "25h" is longer than a session may be: the maximum is 24h'],
    ],
    [
      "a session of no time",
      { "14": "session: 1m" },
      ['14:10: session: "1m" is shorter than a session may be: the minimum is 5m'],
    ],
    [
      "a session in another language",
      { "14": "session: 10 hours" },
      ['14:10: session: "10 hours" is not a duration: write it as 1h30m, 90s or 3d'],
    ],
    [
      "limits",
      { "14": "limits: { sign: 0, sign-in: 1.5, store: '3', other: 1 }" },
      [
        "14:17: limits.sign: 0 is too small: the minimum is 1",
        "14:29: limits.sign-in: a whole number is needed, and this is the number 1.5, such as sign-in: 20",
        '14:41: limits.store: a number is needed, and this is "3", such as store: 100',
        '14:46: limits.other: unknown key "other"; there are: sign-in, sign, store',
      ],
    ],
    [
      "a limit over all",
      { "14": "limits: { sign: 1000001 }" },
      ["14:17: limits.sign: 1000001 is too large: the maximum is 1000000"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
