/** Domains, groups of hosts and their accounts: what is refused, where, and what was meant. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("domains", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "public suffixes",
      { "2": "domains: [org, co.uk, github.io, example.org]" },
      [
        '2:11: domains[0]: "org" is a public suffix: anybody may register a name below it; did you mean "your-name.org"?',
        '2:16: domains[1]: "co.uk" is a public suffix: anybody may register a name below it; did you mean "your-name.co.uk"?',
        '2:23: domains[2]: "github.io" is a public suffix: anybody may register a name below it; did you mean "your-name.github.io"?',
        '2:34: domains[3]: "example.org" is below "org", which is a domain here already',
      ],
    ],
    [
      "one below another",
      { "2": "domains: [a.example.org, example.org]" },
      ['2:11: domains[0]: "a.example.org" is below "example.org", which is a domain here already'],
    ],
    [
      "one twice",
      { "2": "domains: [example.org, example.org]" },
      ['2:24: domains[1]: "example.org" is repeated; the first is at 2:11'],
    ],
    [
      "addresses of hosts",
      { "2": "domains: [example.org, 192.0.2.1, '::1', '1.2']" },
      [
        '2:24: domains[1]: "192.0.2.1" is an address of a host, and no domain',
        '2:35: domains[2]: "::1" is not a host\'s name',
        '2:42: domains[3]: "1.2" is an address of a host, and no domain',
      ],
    ],
    [
      "other ways to write one",
      { "2": "domains: [example.org, Example.net, example.net., '*.example.net', .example.net, 'https://example.net']" },
      [
        '2:24: domains[1]: "Example.net" has capital letters; did you mean "example.net"?',
        '2:37: domains[2]: "example.net." ends with a dot; did you mean "example.net"?',
        '2:51: domains[3]: "*.example.net" begins with a wildcard or a dot; all names below a domain are meant already; did you mean "example.net"?',
        '2:68: domains[4]: ".example.net" begins with a wildcard or a dot; all names below a domain are meant already; did you mean "example.net"?',
        '2:82: domains[5]: "https://example.net" is an address; a domain is a name, such as example.org',
      ],
    ],
    [
      "no name",
      { "2": "domains: [example.org, 'a b', -a.net, a..net]" },
      [
        '2:24: domains[1]: "a b" is not a host\'s name',
        '2:31: domains[2]: "-a.net" is not a host\'s name',
        '2:39: domains[3]: "a..net" is not a host\'s name',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("machines that enrol themselves", () => {
  const group = (names: string, jwt: string) => ({
    "4": `  web: { names: ${names}, accounts: [deploy, ops], jwt: ${jwt} }`,
  });
  const jwt = (more = "") => `{ mount: k8s, claim: host, audience: vault${more} }`;
  const wildcard =
    "has another wildcard than one * right before the domain: as the group has jwt, Vault compares the name with a token's claim, and no more than its beginning";

  test.each<[what: string, file: Record<number, string>, mistakes: readonly string[]]>([
    ["a ?", group("web-?.example.org", jwt()), [`4:17: hosts.web.names: "web-?.example.org" ${wildcard}`]],
    ["two of *", group("'w*-*.example.org'", jwt()), [`4:17: hosts.web.names: "w*-*.example.org" ${wildcard}`]],
    [
      "a * in front",
      { ...group("'*-x.example.org'", jwt()), "5": "  db: { names: [db.example.org], accounts: [postgres] }" },
      [`4:17: hosts.web.names: "*-x.example.org" ${wildcard}`],
    ],
    ["a part behind", group("web-*.a.example.org", jwt()), [`4:17: hosts.web.names: "web-*.a.example.org" ${wildcard}`]],
    [
      "nothing but a *",
      { ...group("'*.example.org'", jwt()), "5": "", "11": "" },
      [
        '4:17: hosts.web.names: "*.example.org" has nothing before its *: as the group has jwt, the names need a beginning of their own',
      ],
    ],
    [
      "one mount for two domains",
      {
        ...group("web-*.example.org", jwt()),
        "2": "domains: [example.org, example.net]",
        "5": `  db: { names: [db-*.example.net], accounts: [postgres], jwt: ${jwt()} }`,
      },
      [
        '5:72: hosts.db.jwt.mount: "k8s" is where machines below "example.org" sign in: each domain has a mount of its own, as of one, two hosts of the same name would be one',
      ],
    ],
    ["those that fit", group("[web-*.example.org, web.example.org, a.web-*.example.org]", jwt()), []],
    [
      "no claim, no audience",
      group("web-*.example.org", "{ mount: k8s }"),
      [
        '4:61: hosts.web.jwt.claim: the key "claim" is missing, such as claim: /kubernetes.io/pod/name',
        '4:61: hosts.web.jwt.audience: the key "audience" is missing, such as audience: https://vault.example.org:8200',
      ],
    ],
    [
      "the claim with the name among the others",
      group("web-*.example.org", jwt(", claims: { host: web-1 }")),
      ["4:120: hosts.web.jwt.claims.host: is the claim with the name, and the group's names say which"],
    ],
    [
      "a mount where people sign in",
      { ...group("web-*.example.org", jwt()), "13": "  oidc: { existing: k8s }" },
      ['4:75: hosts.web.jwt.mount: "k8s" is where people sign in with oidc: a person with a host\'s name could be that host'],
    ],
    [
      "a mount of this project",
      group("web-*.example.org", "{ mount: ssh-trust/jwt, claim: host, audience: vault }"),
      ['4:75: hosts.web.jwt.mount: "ssh-trust/jwt" is where ssh-trust mounts its own; what is there already is elsewhere'],
    ],
    [
      "where hosts sign in",
      group("web-*.example.org", "{ mount: ssh-trust/hosts/example.org, claim: host, audience: vault }"),
      ['4:75: hosts.web.jwt.mount: "ssh-trust/hosts/example.org" is where hosts sign in: "ssh-trust/hosts"'],
    ],
    [
      "Vault's own",
      group("web-*.example.org", "{ mount: token, claim: host, audience: vault }"),
      ['4:75: hosts.web.jwt.mount: "token" is Vault\'s own, for tokens'],
    ],
    [
      "auth/ before it",
      group("web-*.example.org", "{ mount: auth/k8s, claim: host, audience: vault }"),
      ['4:75: hosts.web.jwt.mount: "auth/k8s" is the path below auth/, without / around it; did you mean "k8s"?'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(changed(file))).toEqual(mistakes);
  });
});

describe("names of hosts", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "no dot before the domain",
      { "4": "  web: { names: web*example.org, accounts: [deploy, ops] }" },
      [
        '4:17: hosts.web.names: "web*example.org" would match names that are not below the domain example.org; did you mean "web*.example.org"?',
      ],
    ],
    [
      "everything",
      { "4": "  web: { names: '*', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "*" is not below the domain example.org; did you mean "*.example.org"?'],
    ],
    [
      "everything below a suffix",
      { "4": "  web: { names: '*.org', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "*.org" is not below the domain example.org'],
    ],
    [
      "a short name",
      { "4": "  web: { names: web-1, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "web-1" is not below the domain example.org; did you mean "web-1.example.org"?'],
    ],
    [
      "another domain",
      { "4": "  web: { names: web-*.example.com, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "web-*.example.com" is not below the domain example.org'],
    ],
    [
      "one that ends like the domain",
      { "4": "  web: { names: web-*.badexample.org, accounts: [deploy, ops] }" },
      [
        '4:17: hosts.web.names: "web-*.badexample.org" would match names that are not below the domain example.org; did you mean "web-*.bad.example.org"?',
      ],
    ],
    [
      "the domain",
      { "4": "  web: { names: example.org, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "example.org" is the domain itself; did you mean "*.example.org"?'],
    ],
    [
      "a wildcard behind the domain",
      { "4": "  web: { names: web.example.org*, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "web.example.org*" is not below the domain example.org'],
    ],
    [
      "a negation",
      { "4": "  web: { names: '!web-1.example.org', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "!web-1.example.org" begins with !: what a group has not is left out of its patterns'],
    ],
    [
      "several in one",
      { "4": "  web: { names: 'web-1.example.org,web-2.example.org', accounts: [deploy, ops] }" },
      [
        '4:17: hosts.web.names: "web-1.example.org,web-2.example.org" has a blank or a comma: several patterns are a list, [one, other]',
      ],
    ],
    [
      "capitals",
      { "4": "  web: { names: Web-*.example.org, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "Web-*.example.org" has capital letters; did you mean "web-*.example.org"?'],
    ],
    [
      "a character class",
      { "4": "  web: { names: 'web-[12].example.org', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "web-[12].example.org" has other characters than a-z, 0-9, . _ - and the wildcards * and ?'],
    ],
    [
      "one that no host can have",
      { "4": "  web: { names: -*.example.org, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "-*.example.org" matches no name that a host can have'],
    ],
    [
      "two dots",
      { "4": "  web: { names: web-*..example.org, accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "web-*..example.org" matches no name that a host can have'],
    ],
    [
      "more wildcards than one needs",
      { "4": "  web: { names: '*?????.??????-*.example.org', accounts: [deploy, ops] }" },
      ['4:17: hosts.web.names: "*?????.??????-*.example.org" has more than 4 wildcards'],
    ],
    [
      "too long",
      {
        "4": "  web: { names: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.org, accounts: [deploy, ops] }",
      },
      [
        '4:17: hosts.web.names: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..." is longer than 253 characters',
      ],
    ],
    [
      "one twice",
      { "4": "  web: { names: [web-*.example.org, web-*.example.org], accounts: [deploy, ops] }" },
      ['4:37: hosts.web.names[1]: "web-*.example.org" is repeated; the first is at 4:18'],
    ],
    [
      "two domains in one group",
      {
        "2": "domains: [example.org, example.net]",
        "4": "  web: { names: [web-*.example.org, web-*.example.net], accounts: [deploy, ops] }",
      },
      [
        '4:37: hosts.web.names[1]: "web-*.example.net" is below "example.net", and the group\'s first pattern is below "example.org": make a group for each domain',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("a name in two groups", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "the same pattern",
      { "5": "  db: { names: web-*.example.org, accounts: [postgres] }" },
      [
        '5:16: hosts.db.names: "web-*.example.org" and "web-*.example.org" of the group "web" match the same names: web-x.example.org would be in both "web" and "db"',
      ],
    ],
    [
      "two beginnings",
      { "4": "  web: { names: '*-db-1.example.org', accounts: [deploy, ops] }" },
      [
        '5:17: hosts.db.names[0]: "db-*.example.org" and "*-db-1.example.org" of the group "web" match the same names: db-db-1.example.org would be in both "web" and "db"',
      ],
    ],
    [
      "a name that a pattern matches",
      { "4": "  web: { names: [web-*.example.org, db-3.example.org], accounts: [deploy, ops] }" },
      [
        '5:17: hosts.db.names[0]: "db-*.example.org" and "db-3.example.org" of the group "web" match the same names: db-3.example.org would be in both "web" and "db"',
      ],
    ],
    [
      "everything",
      { "4": "  web: { names: '*.example.org', accounts: [deploy, ops] }" },
      [
        '5:17: hosts.db.names[0]: "db-*.example.org" and "*.example.org" of the group "web" match the same names: db-x.example.org would be in both "web" and "db"',
      ],
    ],
    [
      "question marks",
      { "4": "  web: { names: '??-?.example.org', accounts: [deploy, ops] }" },
      [
        '5:17: hosts.db.names[0]: "db-*.example.org" and "??-?.example.org" of the group "web" match the same names: db-x.example.org would be in both "web" and "db"',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("other names", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "of another domain, of hosts that could be there, patterns",
      {
        "4": "  web: { names: web-*.example.org, also: [www.example.com, web-1.example.org, db-1.example.org, '*.example.org', example.org], accounts: [deploy, ops] }",
      },
      [
        '4:43: hosts.web.also[0]: "www.example.com" is not below a domain of the file ("example.org")',
        '4:60: hosts.web.also[1]: "web-1.example.org" is matched by "web-*.example.org" of the group "web": a host of this name could be there',
        '4:79: hosts.web.also[2]: "db-1.example.org" is matched by "db-*.example.org" of the group "db": a host of this name could be there',
        '4:97: hosts.web.also[3]: "*.example.org" has a wildcard, and names one host',
        '4:114: hosts.web.also[4]: "example.org" is not below a domain of the file ("example.org")',
      ],
    ],
    [
      "of two groups",
      {
        "4": "  web: { names: web-*.example.org, also: www.example.org, accounts: [deploy, ops] }",
        "5": "  db: { names: db-*.example.org, also: www.example.org, accounts: postgres }",
      },
      ['5:40: hosts.db.also: "www.example.org" is another name of the group "web", too'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("accounts", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "wildcards, lists, hosts",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, '*', 'a b', 'a,b', a@web] }" },
      [
        '4:60: hosts.web.accounts[2]: "*" has a wildcard: accounts are named one by one',
        '4:65: hosts.web.accounts[3]: "a b" has a blank: an account is one word, and several are a list, [one, other]',
        '4:72: hosts.web.accounts[4]: "a,b" has a comma: write a list, [one, other]',
        '4:79: hosts.web.accounts[5]: "a@web" has an @: an account is named without its host; which hosts it is on is said by the group',
      ],
    ],
    [
      "options of authorized_keys",
      {
        "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, restrict, pty, no-pty, X11-Forwarding, cert-authority, command] }",
      },
      [
        '4:60: hosts.web.accounts[2]: "restrict" is an option of authorized_keys (sshd(8)), and sshd would read it so',
        '4:70: hosts.web.accounts[3]: "pty" is an option of authorized_keys (sshd(8)), and sshd would read it so',
        '4:75: hosts.web.accounts[4]: "no-pty" is an option of authorized_keys (sshd(8)), and sshd would read it so',
        '4:83: hosts.web.accounts[5]: "X11-Forwarding" is an option of authorized_keys (sshd(8)), and sshd would read it so',
        '4:99: hosts.web.accounts[6]: "cert-authority" is an option of authorized_keys (sshd(8)), and sshd would read it so',
        '4:115: hosts.web.accounts[7]: "command" is an option of authorized_keys (sshd(8)), and sshd would read it so',
      ],
    ],
    [
      "other characters",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, Deploy, -x, .x, 'ä', 'a/b', '', \"a\\tb\"] }" },
      [
        '4:60: hosts.web.accounts[2]: "Deploy" has capital letters; did you mean "deploy"?',
        '4:68: hosts.web.accounts[3]: "-x" does not begin with a letter, a digit or _',
        '4:72: hosts.web.accounts[4]: ".x" does not begin with a letter, a digit or _',
        '4:76: hosts.web.accounts[5]: "ä" has other characters than a-z, 0-9, . _ and -',
        '4:81: hosts.web.accounts[6]: "a/b" has other characters than a-z, 0-9, . _ and -',
        '4:88: hosts.web.accounts[7]: "" is empty',
        '4:92: hosts.web.accounts[8]: "a\\011b" has a blank: an account is one word, and several are a list, [one, other]',
      ],
    ],
    [
      "too long",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] }" },
      ['4:60: hosts.web.accounts[2]: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is longer than 32 characters'],
    ],
    [
      "twice",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops, deploy] }" },
      ['4:60: hosts.web.accounts[2]: "deploy" is repeated; the first is at 4:47'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("lives of certificates", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "too short",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops], for: 59m }" },
      ['4:66: hosts.web.for: "59m" is shorter than a host\'s certificate may be: the minimum is 1h'],
    ],
    [
      "too long",
      { "4": "  web: { names: web-*.example.org, accounts: [deploy, ops], for: 8d }" },
      ['4:66: hosts.web.for: "8d" is longer than a host\'s certificate may be: the maximum is 168h'],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("names of groups", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "a sign at the end",
      { "5": "  db-: { names: db-*.example.org, accounts: postgres }" },
      [
        '5:3: hosts.db-: "db-" does not begin and end with a letter or a digit',
        '11:35: access[1].on: there is no group of hosts called "db"; there are: web, db-',
      ],
    ],
    [
      "capitals",
      { "4": "  Web: { names: web-*.example.org, accounts: [deploy, ops] }" },
      [
        '4:3: hosts.Web: "Web" has capital letters, and Vault does not tell them apart; did you mean "web"?',
        '10:46: access[0].on: there is no group of hosts called "web"; there are: Web, db',
      ],
    ],
    [
      "an underscore",
      { "8": "  db_a: {}" },
      [
        '8:3: people.db_a: "db_a" has other characters than a-z, 0-9, . and -',
        '11:26: access[1].who: there is no group of people called "dba"; there are: platform, db_a',
      ],
    ],
    [
      "two dots",
      { "8": "  d..ba: {}" },
      [
        '8:3: people."d..ba": "d..ba" has two dots one after the other',
        '11:26: access[1].who: there is no group of people called "dba"; there are: platform, d..ba',
      ],
    ],
    [
      "a slash",
      { "8": "  ../dba: {}" },
      [
        '8:3: people."../dba": "../dba" has other characters than a-z, 0-9, . and -',
        '11:26: access[1].who: there is no group of people called "dba"; there are: platform, ../dba',
      ],
    ],
    [
      "too long",
      { "8": "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {}" },
      [
        '8:3: people.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is longer than 63 characters',
        '11:26: access[1].who: there is no group of people called "dba"; there are: platform, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      ],
    ],
    [
      "empty",
      { "8": "  '': {}" },
      ['8:3: people."": "" is empty', '11:26: access[1].who: there is no group of people called "dba"; there are: platform, '],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
