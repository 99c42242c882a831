import { describe, expect, test } from "@jest/globals";
import { readLabSettings } from "../../../../lab/settings/lab.js";
import { isLifecycleHook, keptByNpm } from "../../../../lab/settings/npm.js";

const read = (env: Record<string, string>) => readLabSettings(env, { root: "/project", home: "/nowhere" });

describe("refused", () => {
  test.each([
    ["an address without http", { VAULT_ADDR: "vault:8200" }, "SETTING_INVALID"],
    ["another protocol", { VAULT_ADDR: "ftp://vault", VAULT_TOKEN: "t" }, "SETTING_INVALID"],
    ["a password in the address", { VAULT_ADDR: "http://u:p@vault", VAULT_TOKEN: "t" }, "SETTING_INVALID"],
    ["a token with a line break", { VAULT_ADDR: "http://vault", VAULT_TOKEN: "a\nX-Evil: b" }, "SETTING_INVALID"],
    ["a token with a blank", { VAULT_ADDR: "http://vault", VAULT_TOKEN: "a b" }, "SETTING_INVALID"],
    ["an image name with a blank", { VAULT_IMAGE: "hashicorp/vault latest" }, "SETTING_INVALID"],
    ["an image name like an option", { VAULT_IMAGE: "--privileged" }, "SETTING_INVALID"],
    ["a relative cache", { XDG_CACHE_HOME: "cache" }, "SETTING_INVALID"],
    ["DOCKER_HOST without a protocol", { DOCKER_HOST: "docker:2375" }, "SETTING_INVALID"],
  ])("%s", (_what, env, code) => {
    expect(() => read(env as unknown as Record<string, string>)).toThrow(expect.objectContaining({ code }));
  });

  test("a refused token is not shown", () => {
    expect(() => read({ VAULT_ADDR: "http://vault", VAULT_TOKEN: "s.secret value" })).toThrow(/^VAULT_TOKEN=\(not shown\)/);
  });
});

describe("whose Vault it is", () => {
  test.each([
    ["nothing set", {}, false, "http://localhost:8200", "root-token"],
    [
      "the lab's own address",
      { VAULT_ADDR: "http://127.0.0.1:8200/", VAULT_TOKEN: "root-token" },
      false,
      "http://localhost:8200",
      "root-token",
    ],
    [
      "the lab's own address with another token",
      { VAULT_ADDR: "http://127.0.0.1:8200", VAULT_TOKEN: "x" },
      true,
      "http://127.0.0.1:8200",
      "x",
    ],
    ["another without a token", { VAULT_ADDR: "https://vault.example" }, true, "https://vault.example", undefined],
    ["another", { VAULT_ADDR: "https://vault.example/", VAULT_TOKEN: "x" }, true, "https://vault.example", "x"],
    ["another port", { VAULT_ADDR: "http://localhost:8300", VAULT_TOKEN: "x" }, true, "http://localhost:8300", "x"],
    ["the lab's port, but TLS", { VAULT_ADDR: "https://localhost:8200", VAULT_TOKEN: "x" }, true, "https://localhost:8200", "x"],
    ["OpenBao's names", { BAO_ADDR: "http://bao:8200", BAO_TOKEN: "x" }, true, "http://bao:8200", "x"],
    ["an empty variable", { VAULT_ADDR: "" }, false, "http://localhost:8200", "root-token"],
    ["a token for no address", { VAULT_TOKEN: "x" }, false, "http://localhost:8200", "root-token"],
  ])("%s", (_what, env, external, address, token) => {
    expect(read(env as unknown as Record<string, string>).vault).toMatchObject({ external, address, token });
  });
});

test.each([
  [{}, undefined, false],
  [{ CI: "true" }, undefined, true],
  [{ CI: "1" }, undefined, true],
  [{ CI: "false" }, undefined, false],
  [{ CI: "yes" }, undefined, true],
  [{ CI: "" }, undefined, false],
  [{}, true, true],
])("installing is allowed only when asked or in CI: %j, --install %s", (env, install, allowed) => {
  expect(readLabSettings(env as Record<string, string>, { root: "/project", home: "/nowhere", install }).mayInstall).toBe(
    allowed,
  );
});

test("the settings cannot be changed", () => {
  expect(Object.isFrozen(read({}))).toBe(true);
  expect(Object.isFrozen(read({}).vault)).toBe(true);
});

test.each([
  [undefined, false],
  ["run-script", false],
  ["run", false],
  ["ci", true],
  ["test", false],
  ["install", true],
  ["pack", true],
])("npm's command %s is an install: %s", (command, hook) => {
  expect(isLifecycleHook({ npm_command: command, VAULT_ADDR: "nonsense" })).toBe(hook);
});

describe("options that npm kept for itself", () => {
  const options = ["--ttl", "--dry-run", "--yes", "--all", "--ttl"];
  test.each([
    ["one", { npm_command: "run-script", npm_config_ttl: "true" }, ["--ttl"]],
    ["with a hyphen, in npm test", { npm_command: "test", npm_config_dry_run: "true" }, ["--dry-run"]],
    ["two", { npm_command: "run-script", npm_config_dry_run: "", npm_config_ttl: "5m" }, ["--ttl", "--dry-run"]],
    ["npm's own, which may be meant for npm", { npm_command: "run-script", npm_config_yes: "true", npm_config_all: "true" }, []],
    ["another's", { npm_command: "run-script", npm_config_loglevel: "silent" }, []],
    ["an install's, which must not fail for it", { npm_command: "ci", npm_config_ttl: "true" }, []],
    ["none", {}, []],
  ])("%s", (_what, env, kept) => {
    expect(keptByNpm(options, env as unknown as Record<string, string>)).toEqual(kept);
  });
});

describe("which lab it is", () => {
  test.each([
    ["a capital", "Two"],
    ["a blank", "my lab"],
    ["a slash", "a/b"],
    ["a dot", "a.b"],
    ["an option", "-two"],
    ["a hyphen at its end", "two-"],
    ["a digit first", "2nd"],
    ["too long a name", "a-name-that-is-far-too-long"],
    ["a path", "../other"],
    ["a control character", "two\n"],
  ])("refused: %s", (_what, name) => {
    expect(() => read({ SSH_TRUST_LAB: name })).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
  });

  test.each([
    [{}, "default", "/project/.lab", "/project/known_hosts"],
    [{ SSH_TRUST_LAB: "" }, "default", "/project/.lab", "/project/known_hosts"],
    [{ SSH_TRUST_LAB: "two" }, "two", "/project/.lab-two", "/project/.lab-two/known_hosts"],
  ])("%j is the lab %s", (env, lab, labDir, knownHosts) => {
    expect(read(env as unknown as Record<string, string>)).toMatchObject({ labDir, knownHosts, names: { lab } });
  });

  test("a lab's own server has the lab's own port", () => {
    const { vault, names } = read({ SSH_TRUST_LAB: "two" });
    expect(vault.address).toBe(`http://localhost:${String(names.ports.vault)}`);
    expect(vault.external).toBe(false);
    expect(read({ SSH_TRUST_LAB: "two", VAULT_ADDR: "http://localhost:8200" }).vault.external).toBe(true);
  });
});
