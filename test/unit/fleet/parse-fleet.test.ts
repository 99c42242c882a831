/** Fleet files that are taken: what they say, and each default. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseFleet } from "../../../src/fleet/parse-fleet.js";
import { changed, mistakesIn } from "./fleet-file.js";

const fleet = (text: string) => parseFleet(text, "ssh-trust.yaml");

test("the smallest one: every default", () => {
  expect(
    fleet("vault: https://vault.example.org\ndomains: example.org\nhosts: { web: { names: w.example.org, accounts: a } }"),
  ).toEqual({
    vault: "https://vault.example.org",
    namespace: undefined,
    domains: ["example.org"],
    hosts: [
      {
        name: "web",
        names: ["w.example.org"],
        domain: "example.org",
        also: [],
        accounts: ["a"],
        for: 72 * 3600,
        forget: 30 * 86_400,
      },
    ],
    people: [],
    access: [],
    session: 10 * 3600,
    signIn: [{ method: "userpass", ours: true, path: "ssh-trust/people", session: 10 * 3600 }],
    mounts: { hostCa: "host-ssh", userCa: "user-ssh" },
    limits: { signIn: 20, sign: 100, store: 100 },
    state: undefined,
  });
});

describe("what it says is taken", () => {
  test.each<[what: string, changes: Record<number, string>, taken: object]>([
    ["an address with a slash", { 1: "vault: https://vault.example.org:8200///" }, { vault: "https://vault.example.org:8200" }],
    ["an address with @ in its path", { 14: "state: { http: { address: https://h/a@b } }" }, {}],
    ["a database's address with a name", { 14: "state: { pg: { conn_str: postgres://me@db/state } }" }, {}],
    ["an address without TLS", { 1: "vault: http://127.0.0.1:8200" }, { vault: "http://127.0.0.1:8200" }],
    ["a namespace", { 14: "namespace: team-a/x" }, { namespace: "team-a/x" }],
    ["a session of days", { 14: "session: 1d" }, { session: 86_400 }],
    [
      "a domain that nobody lists",
      { 2: "domains: [example.org, internal, lab.test]" },
      { domains: ["example.org", "internal", "lab.test"] },
    ],
    [
      "groups of people: one, several, none",
      { 7: "  platform: { oidc: [a, b], identity-group: Admins }", 8: "  dba:" },
      {
        people: [
          { name: "platform", members: ["a", "b"].map((group) => ({ method: "oidc", group })), identityGroups: ["Admins"] },
          { name: "dba", members: [], identityGroups: [] },
        ],
      },
    ],
    [
      "rules: usual, and with everything",
      { 10: "  - { name: a, who: platform, on: web, as: ops, for: 1h, with: [pty, agent-forwarding], forward-to: db }" },
      {
        access: [
          {
            name: "a",
            who: "platform",
            on: "web",
            as: ["ops"],
            for: 3600,
            with: ["pty", "agent-forwarding"],
            forwardTo: ["db"],
            reserve: undefined,
          },
          { name: "dba-db", who: "dba", on: "db", as: ["postgres"], for: 60, with: ["pty"], forwardTo: [], reserve: 3600 },
        ],
      },
    ],
    [
      "a rule without a terminal",
      { 10: "", 11: "  - { name: a, who: dba, on: db, as: postgres, with: [] }" },
      { access: [expect.objectContaining({ with: [] })] },
    ],
    ["mounts", { 14: "mounts: { host-ca: ssh/host }" }, { mounts: { hostCa: "ssh/host", userCa: "user-ssh" } }],
    ["limits", { 14: "limits: { sign: 5 }" }, { limits: { signIn: 20, sign: 5, store: 100 } }],
    [
      "a backend",
      { 14: "state: { s3: { bucket: b, use_lockfile: true, max_retries: 3 } }" },
      { state: { backend: "s3", settings: { bucket: "b", use_lockfile: true, max_retries: 3 } } },
    ],
    [
      "a backend with a setting that has parts",
      { 14: "state: { s3: { endpoints: { s3: https://s3.example.org } } }" },
      { state: { backend: "s3", settings: { endpoints: { s3: "https://s3.example.org" } } } },
    ],
    ["a backend that asks for nothing", { 14: "state: { local: {} }" }, { state: { backend: "local", settings: {} } }],
    [
      "methods that are there",
      { 13: "  oidc: { existing: Corp/oidc }\n  userpass: { existing: userpass }" },
      {
        signIn: [
          { method: "userpass", ours: false, path: "userpass" },
          { method: "oidc", ours: false, path: "Corp/oidc" },
        ],
      },
    ],
    [
      "names and passwords beside",
      { 13: "  oidc: { existing: oidc }\n  userpass:" },
      {
        signIn: [
          { method: "userpass", ours: true, path: "ssh-trust/people", session: 36_000 },
          { method: "oidc", ours: false, path: "oidc" },
        ],
      },
    ],
    [
      "OpenID Connect",
      {},
      {
        signIn: [
          {
            ...{
              method: "oidc",
              ours: true,
              path: "ssh-trust/oidc",
              session: 3600,
              issuer: "https://id.example.org",
              clientId: "ssh-trust",
            },
            ...{ scopes: [], userClaim: "sub", groupsClaim: "groups", algorithms: ["RS256"] },
          },
        ],
      },
    ],
    [
      "no session is longer than the fleet's, unless it says so",
      { 13: `${changed().split("\n")[12] ?? ""}\nsession: 20m\n` },
      { session: 1200, signIn: [expect.objectContaining({ session: 1200 })] },
    ],
    [
      "tokens of CI",
      {
        7: "  platform: { jwt: org/app }",
        13: "  jwt: { issuer: https://ci.example.org, audience: v, groups-claim: repository, claims: { ref: [a, b], actor: me } }",
      },
      {
        signIn: [
          {
            ...{
              method: "jwt",
              ours: true,
              path: "ssh-trust/jwt",
              session: 900,
              issuer: "https://ci.example.org",
              audience: "v",
            },
            ...{ userClaim: "sub", groupsClaim: "repository", claims: { ref: ["a", "b"], actor: ["me"] }, algorithms: ["RS256"] },
          },
        ],
      },
    ],
    [
      "LDAP",
      {
        7: "  platform: { ldap: platform }",
        13: "  ldap: { url: 'ldaps://ldap.example.org', user-dn: 'ou=p', group-dn: 'ou=g', session: 30m }",
      },
      {
        signIn: [
          {
            ...{
              method: "ldap",
              ours: true,
              path: "ssh-trust/ldap",
              session: 1800,
              url: "ldaps://ldap.example.org",
              userDn: "ou=p",
            },
            ...{ userAttribute: "uid", groupDn: "ou=g", groupAttribute: "cn", bindDn: undefined },
            groupFilter: "(|(memberUid={{.Username}})(member={{.UserDN}})(uniqueMember={{.UserDN}}))",
          },
        ],
      },
    ],
    [
      "two patterns of one group that meet",
      { 4: "  web: { names: [web-*.example.org, web-1.example.org], accounts: [deploy, ops] }" },
      {},
    ],
    [
      "other names",
      { 4: "  web: { names: web-*.example.org, also: [www.example.org], accounts: [deploy, ops] }" },
      { hosts: [expect.objectContaining({ also: ["www.example.org"] }), expect.anything()] },
    ],
    [
      "accounts with all signs",
      { 4: "  web: { names: web-*.example.org, accounts: [deploy, ops, _a, 0day, a.b_c-d, root] }" },
      {},
    ],
    ["a group that no rule uses", { 14: "namespace: a", 11: "" }, {}],
    ["a group called like something of JavaScript's", { 8: "  dba: {}\n  constructor: {}" }, {}],
    [
      "aliases",
      {
        4: "  web: { names: web-*.example.org, accounts: &all [deploy, ops] }",
        10: "  - { name: a, who: platform, on: web, as: *all }",
      },
      { access: [expect.objectContaining({ as: ["deploy", "ops"] }), expect.anything()] },
    ],
  ])("%s", (_what, changes, taken) => {
    expect(fleet(changed(changes))).toMatchObject(taken);
  });

  test.each([
    ["a byte order mark", `\ufeff${changed()}`],
    ["lines as Windows ends them", changed().replaceAll("\n", "\r\n")],
    ["both", `\ufeff${changed().replaceAll("\n", "\r\n")}`],
    ["marks of a document", `---\n${changed()}...\n`],
    ["YAML 1.2, said so", `%YAML 1.2\n---\n${changed()}`],
  ])("%s changes nothing", (_what, text) => {
    expect(fleet(text)).toEqual(fleet(changed()));
  });
});

test("places are told as an editor shows them, after a byte order mark and with \\r\\n", () => {
  expect(
    mistakesIn(
      `\ufeff${changed({ 1: "vauld: x", 5: "  db: { names: [db-*.example.org], accounts: [] }" }).replaceAll("\n", "\r\n")}`,
    ),
  ).toEqual([
    '1:1: vault: the key "vault" is missing, such as vault: https://vault.example.org:8200',
    '1:1: vauld: unknown key "vauld"; did you mean "vault"?',
    "5:46: hosts.db.accounts: is empty: at least one is needed",
  ]);
});

describe("what is made to take long is refused soon", () => {
  test.each([
    ["more than 1 MB", `# ${"x".repeat(1_000_000)}`, /^1:1: the file has more than 1 MB/],
    ["brackets in brackets", "[".repeat(100_000), /nested too deeply/],
    ["keys in a line", "a: ".repeat(10_000), /a second key cannot be in the same line/],
    [
      "aliases of aliases",
      `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${String(n + 1)}: &a${String(n + 1)} [*a${String(n)}, *a${String(n)}]`).join("\n")}`,
      /more than 100000 values, with its aliases written out/,
    ],
    [
      "many groups",
      `vault: https://v\ndomains: a\nhosts:\n${Array.from({ length: 2000 }, (_, n) => `  g${String(n)}: { names: '*-${String(n)}.a', accounts: a }`).join("\n")}\n  x: {}`,
      /"names" is missing/,
    ],
    ["many rules", `access:\n${"  - { name: a, who: a, on: a, as: [a] }\n".repeat(5_000)}`, /"a" is the name of two rules/],
    [
      "a long list",
      changed({ 2: `domains: [${"example.org, ".repeat(20_000)}]` }),
      /"example.org" is repeated; the first is at 2:11/,
    ],
    ["many keys", Array.from({ length: 30_000 }, (_, n) => `k${String(n)}: 1`).join("\n"), /unknown key "k0"/],
  ])("%s", (_what, text, problem) => {
    const begun = Date.now();
    expect(mistakesIn(text).join("\n")).toMatch(problem);
    expect(Date.now() - begun).toBeLessThan(60_000);
  });
});

test("of many mistakes, fifty are shown", () => {
  const found = mistakesIn(changed({ 14: Array.from({ length: 120 }, (_, n) => `k${String(n)}: 1`).join("\n") }));
  expect(found).toHaveLength(51);
  expect(found.at(-1)).toBe("and 70 more");
});

describe("whatever is written, it is a fleet or FLEET_FILE_INVALID", () => {
  // mistakesIn throws anything else.
  test("any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => mistakesIn(text).length > 0),
      { numRuns: 500 },
    );
  });

  test("any text in the place of a line, or before it", () => {
    const signs = fc.constantFrom(
      ...Array.from("{}[]:,&*!|>'\"%@`#-?~ \t\n"),
      "a",
      "1",
      "web",
      "names: ",
      "- ",
      "<<: ",
      "__proto__: ",
      "null",
      "hvs.AAAAAAAAAAAAAAAAAAAAAAAA",
    );
    const text = fc.array(signs, { maxLength: 20 }).map((all) => all.join(""));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), text, fc.boolean(), (line, replaced, before) => {
        const was = changed().split("\n")[line - 1] ?? "";
        const found = mistakesIn(changed({ [line]: before ? `${replaced}${was}` : replaced }));
        expect(found.join("\n")).not.toMatch(/hvs\.A/i);
        expect(found.join("\n")).not.toMatch(/undefined|\[object|Invalid input|expected /);
      }),
      { numRuns: 500 },
    );
  });

  test("any value in the place of any other", () => {
    const value = fc.jsonValue({ maxDepth: 2 }).map((any) => JSON.stringify(any));
    const keys = [
      "vault",
      "namespace",
      "domains",
      "hosts",
      "people",
      "access",
      "session",
      "sign-in",
      "mounts",
      "limits",
      "state",
    ];
    const inner = fc.constantFrom(
      "names",
      "also",
      "accounts",
      "for",
      "name",
      "who",
      "on",
      "as",
      "with",
      "forward-to",
      "reserve",
      "oidc",
      "jwt",
      "existing",
      "path",
      "s3",
      "host-ca",
    );
    const nested = fc.tuple(inner, value).map(([key, any]) => `{ web: { ${key}: ${any} }, ${key}: ${any} }`);
    const listed = fc
      .tuple(inner, value, inner, value)
      .map(([one, any, two, other]) => (one === two ? "[]" : `[{ ${one}: ${any}, ${two}: ${other} }]`));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.oneof(value, nested, listed), { minKeys: 1 }), (file) => {
        const found = mistakesIn(
          Object.entries(file)
            .map(([key, any]) => `${key}: ${any}`)
            .join("\n"),
        );
        expect(found.join("\n")).not.toMatch(/undefined|\[object|Invalid input|expected /);
      }),
      { numRuns: 500 },
    );
  });
});
