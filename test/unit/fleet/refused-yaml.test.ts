/** A file that is no YAML, or not what a fleet file is as YAML: every mistake with its place. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("no YAML", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    ["an empty file", "", ["1:1: the file says nothing"]],
    ["nothing but a comment", "# later\n", ["1:1: the file says nothing"]],
    ["nothing but a beginning", "---\n", ["1:1: the file says nothing"]],
    ["a list", "- web\n", ["1:1: the file has to be a map (key: value), and is a list"]],
    ["text", "web\n", ["1:1: the file has to be a map (key: value), and is text"]],
    [
      "two documents",
      "vault: https://vault.example.org:8200\ndomains: [example.org]\nhosts:\n  web: { names: web-*.example.org, accounts: [deploy, ops] }\n  db: { names: [db-*.example.org], accounts: [postgres] }\npeople:\n  platform: { oidc: platform-team }\n  dba: {}\naccess:\n  - { name: platform-web, who: platform, on: web, as: [deploy, ops] }\n  - { name: dba-db, who: dba, on: db, as: postgres, reserve: 1h }\nsign-in:\n  oidc: { issuer: https://id.example.org, client-id: ssh-trust }\n---\nvault: x\n",
      ["14:1: a second document begins here; a fleet file has one"],
    ],
    ["a tab", { "4": "\tweb: {}" }, ["4:1: here is a tab; YAML is indented with blanks"]],
    ["a quote that is not closed", { "4": "  web: { names: 'web }" }, ["4:17: this quote is not closed"]],
    ["a bracket that is not closed", { "2": "domains: [example.org" }, ["2:10: this [ is not closed"]],
    ["a key without a colon", { "8": "  dba" }, ["8:6: a colon is missing after this key"]],
    [
      "a colon too many",
      { "1": "vault: is: https" },
      ["1:8: a second key cannot be in the same line; put it in a line of its own, or the value in quotes"],
    ],
    [
      "a key twice",
      { "14": "vault: https://other.example.org" },
      ['14:1: vault: the key "vault" is repeated; the first is at 1:1'],
    ],
    [
      "a group twice",
      { "5": "  web: { names: db-*.example.org, accounts: [postgres] }" },
      [
        '5:3: hosts.web: the key "web" is repeated; the first is at 4:3',
        '11:35: access[1].on: there is no group of hosts called "db"; there is: web',
      ],
    ],
    ["a key that is a list", { "14": "? [a]\n: 1" }, ["14:3: a key is a word"]],
    [
      "a key that is a number",
      { "14": "1: x" },
      [
        '14:1: 1: unknown key "1"; there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state',
      ],
    ],
    ["a key of JavaScript's", { "14": "__proto__: {}" }, ["14:1: __proto__: no key can be called so"]],
    [
      "a merge key",
      { "14": "<<: {}" },
      [
        '14:1: "<<": unknown key "<<"; there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state',
      ],
    ],
    [
      "an alias to nothing",
      { "14": "namespace: *team" },
      ['14:12: namespace: "*team" begins with *, which is an alias in YAML: put it in quotes'],
    ],
    [
      "an alias to what it is in",
      { "14": "state: { s3: { key: &a [*a] } }" },
      [
        "14:24: state.s3.key: text is needed, and this is a list",
        "14:25: state.s3.key[0]: an alias to what it stands in has no end",
      ],
    ],
    ["a tag", { "14": "namespace: !secret x" }, ["14:12: a tag (!name) has no meaning here"]],
    ["a tag that runs code", { "14": "namespace: !!js/function x" }, ["14:12: a tag (!name) has no meaning here"]],
    [
      "YAML 1.1",
      "%YAML 1.1\n---\nvault: https://vault.example.org:8200\ndomains: [example.org]\nhosts:\n  web: { names: web-*.example.org, accounts: [deploy, ops] }\n  db: { names: [db-*.example.org], accounts: [postgres] }\npeople:\n  platform: { oidc: platform-team }\n  dba: {}\naccess:\n  - { name: platform-web, who: platform, on: web, as: [deploy, ops] }\n  - { name: dba-db, who: dba, on: db, as: postgres, reserve: 1h }\nsign-in:\n  oidc: { issuer: https://id.example.org, client-id: ssh-trust }\n",
      ["1:1: a fleet file is YAML 1.2: leave out the line %YAML"],
    ],
    [
      "no number",
      { "14": "limits: { sign: .inf }" },
      ['14:17: limits.sign: ".inf" would be read as the number Infinity; if it is text, put it in quotes'],
    ],
    [
      "a number that would not be kept",
      { "14": "state: { s3: { a: 0123, b: 12345678901234567890, c: 0x10, d: 1e3 } }" },
      [
        '14:19: state.s3.a: "0123" would be read as the number 123; if it is text, put it in quotes',
        '14:28: state.s3.b: "12345678901234567890" would be read as the number 12345678901234567000; if it is text, put it in quotes',
        '14:53: state.s3.c: "0x10" would be read as the number 16; if it is text, put it in quotes',
        '14:62: state.s3.d: "1e3" would be read as the number 1000; if it is text, put it in quotes',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("a secret, which is not shown", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "a token as a value",
      { "1": "vault: hvs.CAESIJ3nCx0aB1cD2eF3gH4iJ5kL6" },
      [
        "1:8: this looks like a secret, which is not shown here: take it out of the file, and have it revoked",
        "1:8: vault: this holds what looks like a secret, and is not shown: it does not belong in the file",
      ],
    ],
    [
      "a token as a key",
      { "14": "hvs.CAESIJ3nCx0aB1cD2eF3gH4iJ5kL6: 1" },
      [
        "14:1: this looks like a secret, which is not shown here: take it out of the file, and have it revoked",
        "14:1: (not shown): unknown key (not shown); there are: vault, namespace, domains, hosts, people, access, session, sign-in, mounts, limits, directory, state",
      ],
    ],
    [
      "a token in a comment",
      { "14": "# hvb.AAAAAQJ3nCx0aB1cD2eF3gH4iJ5kL6" },
      ["14:3: this looks like a secret, which is not shown here: take it out of the file, and have it revoked"],
    ],
    [
      "a token of an older Vault, or of OpenBao",
      { "14": "namespace: s.J3nCx0aB1cD2eF3gH4iJ5kL6" },
      ["14:12: this looks like a secret, which is not shown here: take it out of the file, and have it revoked"],
    ],
    [
      "a private key",
      { "14": 'namespace: "-----BEGIN OPENSSH PRIVATE KEY-----"' },
      [
        "14:12: namespace: this holds what looks like a secret, and is not shown: it does not belong in the file",
        "14:13: this looks like a secret, which is not shown here: take it out of the file, and have it revoked",
      ],
    ],
    [
      "a key of AWS",
      { "14": "state: { s3: { bucket: AKIAIOSFODNN7EXAMPLE } }" },
      ["14:24: this looks like a secret, which is not shown here: take it out of the file, and have it revoked"],
    ],
    [
      "a password in an address",
      { "1": "vault: https://me:sesame@vault.example.org" },
      ["1:8: vault: this holds what looks like a secret, and is not shown: it does not belong in the file"],
    ],
    [
      "a token in capitals, which are not shown either",
      {
        "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, hvs.CAESIJ3nCx0aB1cD2eF3gH4iJ5kL6] }",
        "8": "  dba: {}",
        "11": "  - { name: dba-db, who: dba, on: db, as: postgres }",
      },
      [
        "4:60: this looks like a secret, which is not shown here: take it out of the file, and have it revoked",
        "4:60: hosts.web.accounts[2]: this holds what looks like a secret, and is not shown: it does not belong in the file",
      ],
    ],
    [
      "a token for a domain",
      { "2": "domains: [hvs.CAESIJ3nCx0aB1cD2eF3gH4iJ5kL6]" },
      [
        "2:11: this looks like a secret, which is not shown here: take it out of the file, and have it revoked",
        "2:11: domains[0]: this holds what looks like a secret, and is not shown: it does not belong in the file",
      ],
    ],
    [
      "a password in a name",
      { "4": "  web: { names: 'https://me:sesame@vault', accounts: [deploy, ops] }" },
      ["4:17: hosts.web.names: this holds what looks like a secret, and is not shown: it does not belong in the file"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
