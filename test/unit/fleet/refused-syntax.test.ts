/** What people write who are new to YAML: one message for each mistake, at the place where it was made. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("quotes", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "one that is not closed, to the end of the file",
      { "1": 'vault: "https://vault.example.org:8200' },
      ["1:8: this quote is not closed"],
    ],
    [
      "the same, between brackets",
      { "4": "  web: { names: 'web-*.example.org, accounts: [deploy, ops] }" },
      ["4:17: this quote is not closed"],
    ],
    [
      "one that is not closed, and others further down",
      { "1": "vault: 'https://vault.example.org:8200", "5": "  db: { names: ['db-*.example.org'], accounts: [postgres] }" },
      ["1:8: this quote is not closed"],
    ],
    [
      "between brackets, closed by the next text's",
      {
        "4": "  web: { names: 'web-*.example.org, accounts: [deploy, ops] }",
        "5": "  db: { names: ['db-*.example.org'], accounts: [postgres] }",
      },
      ["4:17: this quote is not closed"],
    ],
    [
      "an apostrophe in quotes",
      { "7": "  platform: { oidc: 'platform's team' }" },
      ["7:31: the quoted text ends before this; a quote that belongs to it is written as ''"],
    ],
    [
      "quotes in quotes",
      { "7": '  platform: { oidc: "the "platform" team" }' },
      ['7:27: the quoted text ends before this; a quote that belongs to it is written as \\"'],
    ],
    [
      "a comma behind them, as JSON has it",
      { "11": 'session: "10h",' },
      ["11:15: a comma belongs between brackets only: leave it out"],
    ],
    [
      "quotes of a word processor",
      { "1": "vault: “https://vault.example.org:8200”" },
      ['1:8: vault: "“" is no quote to YAML: write " or \''],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("blanks", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    ["none after a colon", { "1": "vault:https://vault.example.org:8200" }, ["1:7: a blank is missing after the colon"]],
    ["none after a colon, before a list", { "2": "domains:[example.org]" }, ["2:9: a blank is missing after the colon"]],
    [
      "none after a colon, in a group",
      { "4": "  web:\n    names: web-*.example.org\n    accounts:[deploy, ops]" },
      ["6:14: a blank is missing after the colon"],
    ],
    [
      "none after a colon, before a map",
      { "4": "  web:{ names: web-*.example.org, accounts: [deploy, ops] }" },
      ["4:7: a blank is missing after the colon"],
    ],
    [
      "none after a colon, between brackets",
      { "10": "  - { name:platform-web, who: platform, on: web, as: [deploy, ops], for:5m }" },
      [
        '10:7: access[0]."name:platform-web": a blank is missing after the colon of "name:platform-web"',
        '10:69: access[0]."for:5m": a blank is missing after the colon of "for:5m"',
      ],
    ],
    [
      "none after a dash",
      { "10": "  -{ name: platform-web, who: platform, on: web, as: [deploy, ops] }" },
      ["10:4: a blank is missing after the dash"],
    ],
    [
      "none after the dashes of accounts",
      { "4": "  web:\n    names: web-*.example.org\n    accounts:\n      -deploy\n      -ops" },
      ['7:7: hosts.web.accounts: "-deploy -ops" is a list whose dashes have no blank behind them'],
    ],
    [
      "none after the dashes of names",
      { "4": "  web:\n    names:\n      -web-1.example.org\n      -web-2.example.org\n    accounts: [deploy, ops]" },
      ['6:7: hosts.web.names: "-web-1.example.org -web-2.example.org" is a list whose dashes have no blank behind them'],
    ],
    [
      "one that is copied from a page",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops] }" },
      ["4:7: this blank is not the usual one (U+00A0): type it again"],
    ],
    [
      "some that are copied from a page",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops] }" },
      ["4:1: this blank is not the usual one (U+00A0): type it again"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("a star at the beginning", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "of a name",
      { "4": "  web: { names: *.example.org, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "*.example.org" begins with *, which is an alias in YAML: put it in quotes'],
    ],
    [
      "of a name in a list",
      { "4": "  web: { names: [web.example.org, *-web.example.org], accounts: [deploy, ops] }" },
      ['4:35: hosts.web.names[1]: "*-web.example.org" begins with *, which is an alias in YAML: put it in quotes'],
    ],
    [
      "of a name in a line of its own",
      { "4": "  web:\n    names:\n      - *.example.org\n    accounts: [deploy, ops]" },
      ['6:9: hosts.web.names[0]: "*.example.org" begins with *, which is an alias in YAML: put it in quotes'],
    ],
    [
      "and nothing else",
      { "4": "  web: { names: web-*.example.org, accounts: [*] }" },
      ["4:47: text that begins with * or & has to be in quotes"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("indentation", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "tabs",
      { "4": "\tweb:\n\t\tnames: web-*.example.org\n\t\taccounts: [deploy]" },
      ["4:1: here is a tab; YAML is indented with blanks"],
    ],
    [
      "a tab behind blanks",
      { "4": "  web:\n  \tnames: web-*.example.org\n    accounts: [deploy]" },
      ["5:3: here is a tab; YAML is indented with blanks"],
    ],
    [
      "less than the key above",
      { "4": "  web:\n    names: web-*.example.org\n   accounts: [deploy, ops]" },
      ["6:4: this line is indented by 3 blanks, and those above by 2 or 4"],
    ],
    [
      "more than the key above",
      { "4": "  web:\n    names: web-*.example.org\n      accounts: [deploy, ops]" },
      ["6:7: this line is indented further than the one above, which has its value already"],
    ],
    [
      "a group less than the one above",
      { "5": " db: { names: [db-*.example.org], accounts: [postgres] }" },
      ["5:2: this line is indented by 1 blank, and those above by 0 or 2"],
    ],
    [
      "a group more than the one above",
      { "5": "    db: { names: [db-*.example.org], accounts: [postgres] }" },
      ["5:5: this line is indented further than the one above, which has its value already"],
    ],
    [
      "a key that belongs to nothing",
      { "2": "  domains: [example.org]" },
      ["2:3: this line is indented further than the one above, which has its value already"],
    ],
    [
      "between the dash and the text behind it",
      { "10": "  - name: platform-web\n   who: platform\n    on: web\n    as: [deploy]" },
      ["11:4: this line is indented by 3 blanks, and those above by 2 or 4"],
    ],
    [
      "below the dash",
      { "10": "  - name: platform-web\n  who: platform\n  on: web\n  as: [deploy]" },
      ["11:3: this line stands below a dash: indent it like the text behind the dash"],
    ],
    [
      "a dash before one group only",
      { "4": "  - web: { names: web-*.example.org, accounts: [deploy, ops] }" },
      ["5:3: this line stands below a dash: indent it like the text behind the dash"],
    ],
    [
      "a list that stands further left than its key",
      { "4": '  web:\n    names:\n- "web-*.example.org"\n    accounts: [deploy, ops]' },
      ["6:1: this dash stands where a key belongs: indent it further, or leave it out"],
    ],
    [
      "a dash beside a key",
      { "6": "people: {}\n- platform" },
      ["7:1: this dash stands where a key belongs: indent it further, or leave it out"],
    ],
    [
      "none: groups stand beside hosts",
      { "4": "web: { names: web-*.example.org, accounts: [deploy, ops] }", "5": "" },
      [
        "3:7: hosts: a map (key: value) is needed, and this is nothing, such as hosts: { web: { names: web-*.example.org, accounts: [deploy] } }",
        '4:1: web: "web" is beside "hosts", which has nothing in it: indent what belongs to it',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("brackets and commas", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "a { that is not closed",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops]" },
      ["4:8: this { is not closed"],
    ],
    [
      "a [ that is not closed",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops }" },
      ["4:46: this [ is not closed"],
    ],
    [
      "one that a comment hides",
      { "7": "  platform: { oidc: #platform }" },
      ["7:13: this { is not closed: what follows a blank and # is a comment"],
    ],
    ["a } too many", { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops] } }" }, ["4:62: this } closes nothing"]],
    ["a ] too many", { "2": "domains: [example.org]]" }, ["2:23: this ] closes nothing"]],
    [
      "no comma",
      { "4": "  web: { names: web-*.example.org accounts: [deploy, ops] }" },
      ["4:35: a comma is missing before this key"],
    ],
    [
      "a semicolon",
      { "4": "  web: { names: web-*.example.org; accounts: [deploy, ops] }" },
      ["4:34: a comma belongs here, and no ;"],
    ],
    [
      "a colon in a value",
      { "7": "  platform: { oidc: team: platform }" },
      ["7:21: this value has a colon in it: put it in quotes"],
    ],
    [
      "several values without brackets",
      { "4": "  web: { names: web-1.example.org, web-2.example.org, accounts: [deploy, ops] }" },
      [
        '4:36: hosts.web."web-2.example.org": "web-2.example.org" is read as a key: several values are a list, names: [one, other]',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("other languages", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    ["= for a colon", { "1": "vault = https://vault.example.org:8200" }, ["1:6: a colon is missing after this key"]],
    ["no colon", { "1": "vault https://vault.example.org:8200" }, ["1:6: a colon is missing after this key"]],
    ["a comment of C's", { "9": "// rules\naccess:" }, ["9:1: a comment begins with #"]],
    ["a template", { "1": "vault: {{ vault }}" }, ["1:9: {{ }} is a template's, which nothing fills in here"]],
    [
      "what git left of a merge",
      {
        "4": "<<<<<<< HEAD\n  web: { names: web-*.example.org, accounts: [deploy, ops] }\n=======\n  web: { names: www-*.example.org, accounts: [deploy, ops] }\n>>>>>>> other",
      },
      ["4:1: this is left of a merge: resolve the conflict"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

const oddLineEnd = "this line ends, or is broken, with a CR that no LF follows: save the file with the line ends of Unix (LF)";

describe("line ends", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "all of them",
      changed().replaceAll("\n", "\r"),
      ["1:1: lines end with CR alone, as on old Macs: save the file with the line ends of Unix (LF)"],
    ],
    [
      "behind a comment, which would hide the rest",
      `# fleet\r${changed().replaceAll("\n", "\r")}`,
      ["1:1: lines end with CR alone, as on old Macs: save the file with the line ends of Unix (LF)"],
    ],
    ["all of them doubled", changed().replaceAll("\n", "\r\r\n"), [`1:38: ${oddLineEnd}`]],
    [
      "one, where the others are those of Windows",
      changed({ "2": "domains: [example.org]\rhosts: {}" }).replaceAll("\n", "\r\n"),
      [`2:23: ${oddLineEnd}`],
    ],
    ["one, in a comment", changed({ "2": "domains: [example.org] # ours\rand no others" }), [`2:30: ${oddLineEnd}`]],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
