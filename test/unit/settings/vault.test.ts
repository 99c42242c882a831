/** Where Vault is, as its own programs are told. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readToolchainSettings } from "../../../src/settings/toolchain.js";
import { readVaultSettings, requireVaultSettings } from "../../../src/settings/vault.js";

const address = "https://vault.example:8200";
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ssh-trust-home-"));
});
afterAll(() => rm(home, { recursive: true }));

const read = (env: Record<string, string>) => readVaultSettings(env, home);

describe("refused", () => {
  test.each([
    ["an address without http", { VAULT_ADDR: "vault:8200" }, "SETTING_INVALID"],
    ["a password in the address", { VAULT_ADDR: "https://u:p@vault" }, "SETTING_INVALID"],
    ["a token with a line break", { VAULT_ADDR: address, VAULT_TOKEN: "a\nX-Evil: b" }, "SETTING_INVALID"],
    ["a namespace with a blank", { VAULT_ADDR: address, VAULT_NAMESPACE: "a b" }, "SETTING_INVALID"],
    ["a server name with a path", { VAULT_ADDR: address, VAULT_TLS_SERVER_NAME: "vault/x" }, "SETTING_INVALID"],
    [
      "a server name without a name before its dot",
      { VAULT_ADDR: address, VAULT_TLS_SERVER_NAME: "vault..x" },
      "SETTING_INVALID",
    ],
    ["a server name of a service", { VAULT_ADDR: address, VAULT_TLS_SERVER_NAME: "_vault" }, "SETTING_INVALID"],
    ["a client certificate without its key", { VAULT_ADDR: address, VAULT_CLIENT_CERT: "/c.pem" }, "SETTING_INVALID"],
    ["a client key without its certificate", { VAULT_ADDR: address, VAULT_CLIENT_KEY: "/k.pem" }, "SETTING_INVALID"],
    ["no verification", { VAULT_ADDR: address, VAULT_SKIP_VERIFY: "true" }, "TLS_VERIFICATION_OFF"],
    ["no verification, as 1", { VAULT_ADDR: address, VAULT_SKIP_VERIFY: "1" }, "TLS_VERIFICATION_OFF"],
    ["no verification, as T", { VAULT_ADDR: address, VAULT_SKIP_VERIFY: "T" }, "TLS_VERIFICATION_OFF"],
    ["no verification, by OpenBao's name", { VAULT_ADDR: address, BAO_SKIP_VERIFY: "TRUE" }, "TLS_VERIFICATION_OFF"],
    ["neither true nor false", { VAULT_ADDR: address, VAULT_SKIP_VERIFY: "yes" }, "SETTING_INVALID"],
  ])("%s", (_what, env, code) => {
    expect(() => read(env as unknown as Record<string, string>)).toThrow(expect.objectContaining({ code }));
  });

  test("a refused token is not shown", () => {
    expect(() => read({ VAULT_ADDR: address, VAULT_TOKEN: "s.secret value" })).toThrow(/^VAULT_TOKEN=\(not shown\)/);
  });

  test("there is no default server", () => {
    expect(read({})).toBeUndefined();
    expect(read({ VAULT_TOKEN: "t" })).toBeUndefined();
    expect(() => requireVaultSettings("a key", () => read({}))).toThrow(expect.objectContaining({ code: "VAULT_ADDR_MISSING" }));
  });

  test("what another part is told wrong hurts nothing here", () => {
    expect(read({ VAULT_ADDR: address, DOCKER_HOST: "nowhere", XDG_CACHE_HOME: "relative" })?.address).toBe(address);
    expect(readToolchainSettings({ DOCKER_HOST: "nowhere", VAULT_ADDR: "nonsense" }).mayInstall).toBe(false);
  });
});

describe("the TLS settings", () => {
  test.each([
    ["none", {}, {}],
    ["false is the usual", { VAULT_SKIP_VERIFY: "false" }, {}],
    ["a CA", { VAULT_CACERT: "/etc/ca.pem" }, { caCert: "/etc/ca.pem" }],
    ["a CA, from here", { VAULT_CACERT: "ca.pem" }, { caCert: join(process.cwd(), "ca.pem") }],
    ["OpenBao's names", { BAO_CACERT: "/b.pem", BAO_TLS_SERVER_NAME: "bao" }, { caCert: "/b.pem", serverName: "bao" }],
    ["a server name with an underscore", { VAULT_TLS_SERVER_NAME: "Vault_1.internal" }, { serverName: "Vault_1.internal" }],
    ["both: Vault's counts", { BAO_CACERT: "/b.pem", VAULT_CACERT: "/v.pem" }, { caCert: "/v.pem" }],
    [
      "a client certificate",
      { VAULT_CLIENT_CERT: "/c.pem", VAULT_CLIENT_KEY: "/k.pem" },
      { client: { cert: "/c.pem", key: "/k.pem" } },
    ],
  ])("%s", (_what, env, tls) => {
    expect(read({ VAULT_ADDR: address, ...(env as unknown as Record<string, string>) })?.tls).toEqual(tls);
  });
});

describe("the token", () => {
  const file = () => join(home, ".vault-token");

  test("comes from the environment, else from what vault login wrote", async () => {
    expect(read({ VAULT_ADDR: address })).toMatchObject({ token: undefined, tokenSource: undefined });
    await writeFile(file(), "s.stored\n");
    expect(read({ VAULT_ADDR: address })).toMatchObject({ token: "s.stored", tokenSource: "~/.vault-token" });
    expect(read({ VAULT_ADDR: address, VAULT_TOKEN: "" })).toMatchObject({ token: "s.stored" });
    expect(read({ VAULT_ADDR: address, BAO_TOKEN: "b" })).toMatchObject({ token: "b", tokenSource: "BAO_TOKEN" });
    expect(read({ VAULT_ADDR: address, BAO_TOKEN: "b", VAULT_TOKEN: "v" })).toMatchObject({
      token: "v",
      tokenSource: "VAULT_TOKEN",
    });
  });

  test("of a file that holds none is none; of one that holds something else it is refused, and not shown", async () => {
    await writeFile(file(), "\n");
    expect(read({ VAULT_ADDR: address })?.token).toBeUndefined();
    await writeFile(file(), "two words");
    expect(() => read({ VAULT_ADDR: address })).toThrow(/^~\/\.vault-token=\(not shown\)/);
    await rm(file());
  });
});

test("the settings cannot be changed", () => {
  expect(Object.isFrozen(read({ VAULT_ADDR: address }))).toBe(true);
});
