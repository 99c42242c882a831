/** What a fleet's files say, and what they are called. */
import { describe, expect, test } from "@jest/globals";
import { patternsOf, readBlock, renderBlock } from "../../../../src/people/ssh-config/block.js";
import { serverName } from "../../../../src/people/ssh-config/server-name.js";
import { configPath } from "../../../../src/people/ssh-config/words.js";
import { sampleOf } from "../../../../src/people/ssh-config/examine.js";
import { fleetOf, hostsOf, small } from "../../fleet/fleet-of.js";

describe("names that are not taken from Vault on trust", () => {
  test.each([
    ["*", "would match names"],
    ["web-*", "is not below the domain"],
    ["!web-1.example.org", "begins with !"],
    ["web-1.example.org\nHost *", "has a blank"],
    ["web-1.example.org *", "has a blank"],
    ["web-1.example.org,*", "comma"],
    ['web-".example.org', "other characters"],
    ["", "is empty"],
  ])("%j", (name, problem) => {
    const refused = () => patternsOf(fleetOf({ hosts: [hostsOf("web", { names: [name] })] }));
    expect(refused).toThrow(expect.objectContaining({ code: "CONFIG_FLEET" }));
    if (name !== "*") expect(refused).toThrow(problem);
  });
  test.each(["*.example.org", "www example.org", "www.example.org\n", "-o", ""])("another name: %j", (name) => {
    expect(() => patternsOf(fleetOf({ hosts: [hostsOf("web", { also: [name] })] }))).toThrow("is not the name of a host");
  });
  test.each(["github.com", "example.org", "evil-example.org"])("another name that is not below a domain: %j", (name) => {
    expect(() => patternsOf(fleetOf({ hosts: [hostsOf("web", { also: [name] })] }))).toThrow("is not below a domain");
  });
  test.each([
    [[], "a domain is needed"],
    [[""], "is not a host's name"],
    [["com"], "is a public suffix"],
    [["example.org", "co.uk"], "is a public suffix"],
    [["*.example.org"], "begins with a wildcard"],
    [["EXAMPLE.org"], "capital letters"],
    [["127.0.0.1"], "is an address"],
    [["example.org", "example.org"], "is given twice"],
    [["example.org", "a.example.org"], "is a domain here already"],
    [Array.from({ length: 101 }, (_each, at) => `d${String(at)}.org`), "there are 101 domains"],
  ])("domains %j", (domains, problem) => {
    const refused = () => patternsOf(fleetOf({ domains }));
    expect(refused).toThrow(expect.objectContaining({ code: "CONFIG_FLEET" }));
    expect(refused).toThrow(problem);
  });
});

const block = (patterns: readonly string[]) =>
  renderBlock({ server: { address: "https://vault.example.org:8200" }, patterns, knownHosts: "/k", agent: "/a", tell: "/t" });

test("it names the fleet's hosts, no certificate file, and nothing that is the person's own to choose", () => {
  const text = block(patternsOf(small));
  const keywords = text.split("\n").flatMap((line) => /^ *([A-Z]\w+)/.exec(line)?.[1] ?? []);
  for (const own of [
    "CertificateFile",
    "ControlMaster",
    "ControlPath",
    "ForwardAgent",
    "User",
    "Port",
    "ProxyJump",
    "HostKeyAlias",
  ])
    expect(keywords).not.toContain(own);
  // What only some builds of ssh know would have the others refuse the whole file.
  for (const some of ["KnownHostsCommand", "GSSAPIKeyExchange", "PubkeyAcceptedAlgorithms", "IgnoreUnknown"])
    expect(keywords).not.toContain(some);
  expect(text).toContain("Host web-*.example.org db-*.example.org\n");
  expect(text).toContain("Match host web-*.example.org,db-*.example.org\n");
  expect(text.endsWith('Match host web-*.example.org,db-*.example.org exec "/t"\nMatch all\n')).toBe(true);
  expect(readBlock(text)).toEqual({
    server: "https://vault.example.org:8200",
    patterns: ["web-*.example.org", "db-*.example.org"],
  });
});

test("a fleet without hosts matches nothing", () => {
  expect(block([])).not.toMatch(/^(?:Host|Match)/m);
});

describe("what files are called", () => {
  const at = (address: string, namespace?: string) => serverName({ address, namespace });
  test.each([
    ["https://vault.example.org:8200", undefined, "vault.example.org_8200"],
    ["https://vault.example.org", "", "vault.example.org"],
    ["https://vault.example.org:443", undefined, "vault.example.org"],
    ["https://10.0.0.7:8200", undefined, "10.0.0.7_8200"],
  ])("%s %s: %s", (address, namespace, name) => {
    expect(at(address, namespace)).toBe(name);
  });
  test.each([
    ["http://127.0.0.1:8200", undefined, /^127\.0\.0\.1_8200-[0-9a-f]{8}$/],
    ["https://vault.example.org", "team/a", /^vault\.example\.org-team-a-[0-9a-f]{8}$/],
    ["https://[::1]:8200", undefined, /^1_8200-[0-9a-f]{8}$/],
    ["https://vault.example.org", `../../${"x".repeat(300)}`, /^[\w.-]{1,200}$/],
    ["https://example.org/vault", "*?[", /^example\.org-vault-[0-9a-f]{8}$/],
  ])("%s %s: %s", (address, namespace, name) => {
    expect(at(address, namespace)).toMatch(name);
  });
  test("no two servers share one", () => {
    const all = [
      ...[at("https://a"), at("http://a"), at("https://a:8200"), at("https://a_8200"), at("https://a-8200")],
      ...[at("https://a", "b"), at("https://a", "b/c"), at("https://a", "b-c"), at("https://a/b"), at("https://a-b")],
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("paths in ssh's configuration", () => {
  test.each(['/home/a"b', "/home/a\\b", "/home/%h", "/home/*", "/home/a?", "/home/[a]", "/home/${HOME}", "/home/a\nb"])(
    "%j is refused, and what moves it elsewhere is named",
    (path) => {
      expect(() => configPath(path, "XDG_CONFIG_HOME")).toThrow(
        expect.objectContaining({
          code: "CONFIG_PATH",
          hint: [expect.objectContaining({ run: "export XDG_CONFIG_HOME=<folder>" })],
        }),
      );
    },
  );
  test.each([
    ["/home/alice/.config", "/home/alice/.config"],
    ["/home/alice b", '"/home/alice b"'],
    ["/home/#1", '"/home/#1"'],
    ["/home/o'neil", `"/home/o'neil"`],
    ["/home/$user", '"/home/$user"'],
    ["/home/älice", '"/home/älice"'],
  ])("%s", (path, word) => {
    expect(configPath(path, "X")).toBe(word);
  });
});

test.each([
  ["web-*.example.org", "web-1.example.org"],
  ["*.example.org", "1.example.org"],
  ["db-??.example.org", "db-11.example.org"],
  ["www.example.org", "www.example.org"],
])("a name of %s: %s", (pattern, name) => {
  expect(sampleOf(pattern)).toBe(name);
});
