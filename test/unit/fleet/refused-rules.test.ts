/** Rules and groups of people: what is refused, where, and what was meant. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("what they name", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "groups that are not there",
      { "10": "  - { name: platform-web, who: platfrom, on: wep, as: deploy }" },
      [
        '10:32: access[0].who: there is no group of people called "platfrom"; did you mean "platform"?',
        '10:46: access[0].on: there is no group of hosts called "wep"; did you mean "web"?',
      ],
    ],
    [
      "groups of the other kind",
      { "10": "  - { name: platform-web, who: web, on: dba, as: deploy }" },
      [
        '10:32: access[0].who: there is no group of people called "web": it is a group of hosts',
        '10:41: access[0].on: there is no group of hosts called "dba": it is a group of people',
      ],
    ],
    [
      "accounts that are not there",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [deploi, postgres] }" },
      [
        '10:56: access[0].as[0]: "deploi" is not an account of the group "web"; did you mean "deploy"?',
        '10:64: access[0].as[1]: "postgres" is not an account of the group "web"; there are: deploy, ops',
      ],
    ],
    [
      "no accounts",
      { "10": "  - { name: platform-web, who: platform, on: web, as: [] }" },
      ["10:55: access[0].as: is empty: at least one is needed"],
    ],
    [
      "nobody is there",
      { "6": "people: {}", "7": "", "8": "" },
      [
        '10:32: access[0].who: there is no group of people called "platform"',
        '11:26: access[1].who: there is no group of people called "dba"',
      ],
    ],
    [
      "no section of people",
      { "6": "", "7": "", "8": "" },
      [
        '10:32: access[0].who: there is no group of people called "platform"',
        '11:26: access[1].who: there is no group of people called "dba"',
      ],
    ],
    [
      "a name twice",
      { "10": "  - { name: dba-db, who: platform, on: web, as: deploy }" },
      ['11:13: access[1].name: "dba-db" is the name of two rules; the first is at 10:13'],
    ],
    [
      "no name",
      { "10": "  - { name: a_b, who: platform, on: web, as: deploy }" },
      ['10:13: access[0].name: "a_b" has other characters than a-z, 0-9, . and -'],
    ],
    [
      "the word itself",
      { "10": "  - { name: x, who: constructor, on: web, as: deploy }" },
      ['10:21: access[0].who: there is no group of people called "constructor"; there are: platform, dba'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("what they say", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "unknown permissions",
      { "10": "  - { name: platform-web, who: platform, on: web, as: deploy, with: [ptty, everything, agent_forwarding] }" },
      [
        '10:70: access[0].with[0]: unknown value "ptty"; did you mean "pty"?',
        '10:76: access[0].with[1]: unknown value "everything"; there are: pty, port-forwarding, agent-forwarding, x11-forwarding, user-rc',
        '10:88: access[0].with[2]: unknown value "agent_forwarding"; did you mean "agent-forwarding"?',
      ],
    ],
    [
      "permissions as ssh-keygen calls them",
      {
        "10": "  - { name: platform-web, who: platform, on: web, as: deploy, with: [permit-pty, permit-X11-forwarding, permit-user-rc] }",
      },
      [
        '10:70: access[0].with[0]: unknown value "permit-pty"; did you mean "pty"?',
        '10:82: access[0].with[1]: unknown value "permit-X11-forwarding"; did you mean "x11-forwarding"?',
        '10:105: access[0].with[2]: unknown value "permit-user-rc"; did you mean "user-rc"?',
      ],
    ],
    [
      "a list without its brackets",
      { "10": '  - { name: platform-web, who: platform, on: web, as: deploy, with: "pty, port-forwarding" }' },
      ['10:69: access[0].with: unknown value "pty, port-forwarding"; did you mean [pty, port-forwarding]?'],
    ],
    [
      "one unknown permission",
      { "10": "  - { name: platform-web, who: platform, on: web, as: deploy, with: port-forward }" },
      ['10:69: access[0].with: unknown value "port-forward"; did you mean "port-forwarding"?'],
    ],
    [
      "lives out of bounds",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, for: 2h, reserve: 2h }" },
      [
        '11:58: access[1].for: "2h" is longer than a rule\'s certificate may be: the maximum is 1h',
        '11:71: access[1].reserve: "2h" is longer than a reserve certificate may be: the maximum is 1h',
      ],
    ],
    [
      "a short life",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, for: 29s, reserve: 10s }" },
      [
        '11:58: access[1].for: "29s" is shorter than a rule\'s certificate may be: the minimum is 30s',
        '11:72: access[1].reserve: "10s" is shorter than a reserve certificate may be: the minimum is 30s',
      ],
    ],
    [
      "no durations",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, for: 1 m, reserve: -1h }" },
      [
        '11:58: access[1].for: "1 m" is not a duration: write it as 1h30m, 90s or 3d',
        '11:72: access[1].reserve: "-1h" is not a duration: write it as 1h30m, 90s or 3d',
      ],
    ],
    [
      "a reserve that is no longer",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, for: 10m, reserve: 10m }" },
      ['11:72: access[1].reserve: "10m" is no longer than the rule\'s own certificates are valid (for: 10m)'],
    ],
    [
      "a reserve that is no longer than usual",
      { "11": "  - { name: dba-db, who: dba, on: db, as: postgres, reserve: 60s }" },
      ['11:62: access[1].reserve: "60s" is no longer than the rule\'s own certificates are valid (for: 1m)'],
    ],
    [
      "forwarding to nowhere",
      { "10": "  - { name: platform-web, who: platform, on: web, as: deploy, with: [pty, agent-forwarding] }" },
      ['10:69: access[0].with: agent-forwarding needs the key "forward-to": the groups of hosts that may be reached with it'],
    ],
    [
      "forwarding without permission",
      { "10": "  - { name: platform-web, who: platform, on: web, as: deploy, forward-to: [db] }" },
      ['10:63: access[0].forward-to: forward-to needs agent-forwarding among the values of "with"'],
    ],
    [
      "forwarding to what is not there",
      {
        "10": "  - { name: platform-web, who: platform, on: web, as: deploy, with: agent-forwarding, forward-to: [dbb, db, db] }",
      },
      [
        '10:100: access[0].forward-to[0]: there is no group of hosts called "dbb"; did you mean "db"?',
        '10:109: access[0].forward-to[2]: "db" is repeated; the first is at 10:105',
      ],
    ],
    [
      "the same twice",
      { "11": "  - { name: again, who: platform, on: web, as: [ops, deploy], with: pty, for: 5m }" },
      ['11:5: access[1]: this rule says the same as "platform-web": keep one'],
    ],
    [
      "six rules",
      {
        "10": "  - { name: r1, who: platform, on: web, as: deploy, with: [] }\n  - { name: r2, who: platform, on: web, as: deploy, with: [pty] }\n  - { name: r3, who: platform, on: web, as: deploy, with: [port-forwarding] }\n  - { name: r4, who: platform, on: web, as: deploy, with: [x11-forwarding] }\n  - { name: r5, who: platform, on: web, as: deploy, with: [user-rc] }\n  - { name: r6, who: platform, on: web, as: deploy, with: [pty, user-rc] }",
      },
      [
        '15:5: access[5]: this is the sixth rule of "platform" on "web": there may be 5, as each is a certificate, and sshd ends a login after too many',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("people", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "of methods that are not there",
      { "7": "  platform: { oidc: a, ldap: b, jwt: [c], identity-group: d }" },
      [
        "7:24: people.platform.ldap: people cannot sign in by ldap here: sign-in has no ldap",
        "7:33: people.platform.jwt: people cannot sign in by jwt here: sign-in has no jwt",
      ],
    ],
    [
      "without sign-in",
      { "12": "", "13": "" },
      ["7:15: people.platform.oidc: people cannot sign in by oidc here: sign-in has no oidc"],
    ],
    [
      "groups that cannot be shown, or told apart",
      { "7": "  platform: { oidc: [a, A, ' b', '', \"x\\ny\", \"\\u202ex\"] }" },
      [
        '7:25: people.platform.oidc[1]: "A" and "a" are one group to Vault, whose names ignore case',
        '7:28: people.platform.oidc[2]: " b" begins or ends with a blank',
        '7:34: people.platform.oidc[3]: "" is empty',
        '7:38: people.platform.oidc[4]: "x\\012y" has characters that cannot be shown, such as a line break',
        '7:46: people.platform.oidc[5]: "\\342\\200\\256x" has characters that cannot be shown, such as a line break',
      ],
    ],
    [
      "what Terraform would fill in",
      { "7": "  platform: { oidc: ['${file(\"/etc/passwd\")}', '%{ if true }'] }" },
      [
        '7:22: people.platform.oidc[0]: "${file("/etc/passwd")}" has ${ or %{, and Terraform would put something else there',
        '7:48: people.platform.oidc[1]: "%{ if true }" has ${ or %{, and Terraform would put something else there',
      ],
    ],
    [
      "a number",
      { "7": "  platform: { oidc: 1 }" },
      ["7:21: people.platform.oidc: 1 is a number, and text is needed: put it in quotes"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
