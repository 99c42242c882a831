/** What ssh and its known hosts are told: lines and words. */
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "@jest/globals";
import { forwarding } from "../../../../src/people/login/forwarding.js";
import { destinationOf } from "../../../../src/people/login/jumps.js";
import { groupLines, knownHostsOf } from "../../../../src/people/login/known-hosts.js";
import { privateFolder } from "../../../../src/people/login/private-folder.js";
import { proxyCommand } from "../../../../src/people/login/proxy-command.js";
import { strictOptions } from "../../../../src/people/login/strict-options.js";
import { childEnvironment } from "../../../../src/settings/login.js";
import { ephemeralKey } from "../../../../src/ssh/agent/ephemeral-key.js";
import { keyLine } from "../../../../src/ssh/public-key.js";
import { hostsOf } from "../../fleet/fleet-of.js";

const cas = [ephemeralKey(), ephemeralKey()].map(({ key }) => keyLine(key));
const plain = (line: string) => line.replace(/AAAA\S+/, "…");

describe("known hosts", () => {
  test("of one login: its name, by every CA", () => {
    const text = knownHostsOf("web-1.example.org", cas);
    expect(text.split("\n").map(plain)).toEqual([
      ...Array<string>(2).fill("@cert-authority web-1.example.org ssh-ed25519 …"),
      "",
    ]);
  });
  const groups = [hostsOf("web", { also: ["www.example.org"] }), hostsOf("db")];
  test.each([
    [22, "web-*.example.org,www.example.org"],
    [2222, "[web-*.example.org]:2222,[www.example.org]:2222"],
  ])("of the groups, port %d", (port, patterns) => {
    const lines = groupLines(groups, cas.slice(0, 1), port).map(({ line }) => plain(line));
    expect(lines[0]).toBe(`@cert-authority ${patterns} ssh-ed25519 … ssh-trust: web`);
    expect(lines).toHaveLength(2);
  });
  test.each([0, 65_536, Number.NaN, 1.5])("port %d is refused", (port) => {
    expect(() => groupLines(groups, cas, port)).toThrow("--port is a number");
  });
});

test("ssh's options: none of them is the person's to change, and none is named twice", () => {
  const login = { name: "web-1.example.org", knownHosts: "/k", agent: "/a", forwardAgent: "no" };
  const old = strictOptions({ ...login, hasKnownHostsCommand: false, hasGssKeyExchange: false }).filter((word) => word !== "-o");
  const names = old.map((word) => word.split("=")[0]);
  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain("KnownHostsCommand");
  expect(
    old
      .find((word) => word.startsWith("HostKeyAlgorithms="))
      ?.slice(18)
      .split(",")
      .every((each) => each.endsWith("-cert-v01@openssh.com")),
  ).toBe(true);
  expect(strictOptions({ ...login, hasKnownHostsCommand: true, hasGssKeyExchange: true })).toContain("KnownHostsCommand=none");
});

test.each([
  ["web", ["--", "web"]],
  ["ops@web", ["-l", "ops", "--", "web"]],
  ["a@b@web:22", ["-l", "a@b", "-p", "22", "--", "web"]],
  ["ops@[::1]:22", ["-l", "ops", "-p", "22", "--", "::1"]],
  ["[::1]", ["--", "::1"]],
  ["ssh://ops@web:22", ["--", "ssh://ops@web:22"]],
])("the jump host %s", (named, args) => {
  expect(destinationOf(named)).toEqual(args);
});

describe("the way through jump hosts", () => {
  /** What ssh does with a ProxyCommand: tokens, then a shell. @returns the words that the program gets */
  async function started(command: string, host: string, port: string): Promise<readonly string[]> {
    const expanded = command.replaceAll(/%([%hp])/g, (_all, token: string) => ({ "%": "%", h: host, p: port })[token] ?? "");
    const { stdout } = await execa("sh", ["-c", `printf '%s\\0' ${expanded}`]);
    return stdout.split("\0").slice(0, -1);
  }
  const odd = ["-o", `User=it's 100% "$HOME" \\ %h`, "--", "one"];

  test("one, with words that a shell and ssh would read otherwise", async () => {
    expect(await started(proxyCommand([odd]), "web", "22")).toEqual(["ssh", "-W", "[web]:22", ...odd]);
  });
  test("three: each leads to the next", async () => {
    const third = await started(proxyCommand([odd, ["--", "two"], ["--", "three"]]), "web", "22");
    expect(third.slice(3)).toEqual(["-W", "[web]:22", "--", "three"]);
    const second = await started(third[2]?.replace("ProxyCommand=", "") ?? "", "three", "33");
    expect(second.slice(3)).toEqual(["-W", "[three]:33", "--", "two"]);
    expect(await started(second[2]?.replace("ProxyCommand=", "") ?? "", "two", "2")).toEqual(["ssh", "-W", "[two]:2", ...odd]);
  });
});

describe("the agent that is forwarded", () => {
  test.each<[what: string, asked: string, own: string | undefined, path: string, given: string]>([
    ["none is asked for", "no", "/", "no", "-A -a web"],
    ["the person's own", "yes", "/", "/", "-A -a web"],
    ["the person's own, by its variable", "$SSH_AUTH_SOCK", "/", "/", "-A -a web"],
    ["there is none", "yes", undefined, "no", "-a web"],
    ["it is dead", "yes", "/nowhere", "no", "-a web"],
    ["another", "/other", "/", "/other", "-A -a web"],
  ])("%s", async (_what, asked, own, path, given) => {
    expect(await forwarding(asked, ["-A", "-a", "web"], own)).toEqual({ forwardAgent: path, given: given.split(" ") });
  });
});

test("programs are not given the token", () => {
  expect(childEnvironment({ VAULT_TOKEN: "s", BAO_TOKEN: "s", PATH: "/bin", VAULT_ADDR: "a" })).toEqual({
    PATH: "/bin",
    VAULT_ADDR: "a",
  });
});

describe("the folder of a login", () => {
  test("a place with a long path is passed over; without any other it is refused", async () => {
    const long = { place: `/tmp/${"x".repeat(90)}`, trusted: true };
    await expect(privateFolder([long])).rejects.toMatchObject({ message: expect.stringContaining("longer than 103") as unknown });
    await using folder = await privateFolder([long, { place: "/tmp", trusted: true }]);
    expect(folder.path).toMatch(/^\/tmp\/ssh-trust-\w{6}$/);
  });
  test("one that is not ours, on a disk, open to others or a link is passed over", async () => {
    const link = await mkdtemp("/dev/shm/test-");
    await symlink("/dev/shm", join(link, "link"));
    for (const place of ["/dev/shm", "/usr", "/nowhere", "/with blank", join(link, "link")]) {
      await expect(privateFolder([{ place, trusted: false }])).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
    }
    await using folder = await privateFolder([{ place: link, trusted: false }]);
    expect(folder.path).toContain(link);
    await rm(link, { recursive: true });
  });
});
