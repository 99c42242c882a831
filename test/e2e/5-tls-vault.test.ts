/** A server of one's own with TLS by a private CA: Node, Terraform, the host script and the containers get there alike. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { taskInHost as task } from "../support/in-host.js";
import { sshTrustFile, docker, login, root, run, succeeds, task as taskProcess } from "../support/project.js";
import { startTlsVault, token, type TlsVault } from "../support/tls-vault.js";

let vault: TlsVault;
beforeAll(async () => {
  await succeeds(task("prepare"));
  vault = await startTlsVault();
}, 180_000);
afterAll(async () => {
  for (const host of ["ssh-with-signed-hostkey", "ssh-with-trusted-user-ca"]) await task(`stop-${host}`);
  await vault[Symbol.asyncDispose]();
}, 180_000);

const without = (env: Readonly<Record<string, string>>, ...names: string[]) => ({
  ...env,
  ...Object.fromEntries(names.map((name) => [name, ""])),
});

describe("refused, with what mends it", () => {
  const cases: readonly [what: string, env: () => Record<string, string>, code: string, says: RegExp][] = [
    [
      "without the CA",
      () => without(vault.env, "VAULT_CACERT"),
      "VAULT_TLS_FAILED",
      /not trusted here[\s\S]*hint: .*export VAULT_CACERT=/,
    ],
    [
      "with the CA of somebody else",
      () => ({ ...vault.env, VAULT_CACERT: "/etc/ssl/certs/ca-certificates.crt" }),
      "VAULT_TLS_FAILED",
      /not trusted here/,
    ],
    [
      "a certificate for another name",
      () => ({ ...vault.env, VAULT_ADDR: vault.otherAddress }),
      "VAULT_TLS_FAILED",
      /for another name[\s\S]*hint: .*export VAULT_TLS_SERVER_NAME=/,
    ],
    [
      "a wrong name of it",
      () => ({ ...vault.otherEnv, VAULT_TLS_SERVER_NAME: "vault.elsewhere.test" }),
      "VAULT_TLS_FAILED",
      /for another name/,
    ],
    [
      "without a client certificate",
      () => without(vault.env, "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"),
      "VAULT_TLS_FAILED",
      /client certificate[\s\S]*hint: .*export VAULT_CLIENT_CERT=/,
    ],
    ["a client certificate without its key", () => without(vault.env, "VAULT_CLIENT_KEY"), "SETTING_INVALID", /belong together/],
    [
      "a CA's file that is not there",
      () => ({ ...vault.env, VAULT_CACERT: "/nowhere/ca.pem" }),
      "SETTING_INVALID",
      /VAULT_CACERT=\/nowhere\/ca\.pem: .*no such file/,
    ],
    [
      "a CA's file that holds none",
      () => ({ ...vault.env, VAULT_CACERT: join(root, "package.json") }),
      "SETTING_INVALID",
      /holds no certificate/,
    ],
    [
      "no verification",
      () => ({ ...without(vault.env, "VAULT_CACERT"), VAULT_SKIP_VERIFY: "true" }),
      "TLS_VERIFICATION_OFF",
      /always verified/,
    ],
    [
      "https where none is spoken",
      () => ({ ...vault.env, VAULT_ADDR: "https://127.0.0.1:8200" }),
      "VAULT_TLS_FAILED",
      /does not speak TLS/,
    ],
  ];
  beforeAll(() => succeeds(task("start-vault")), 60_000);

  test.each(cases)("%s", async (_what, env, code, says) => {
    const { all, exit } = await task("start-vault", [], env());
    expect(all).toContain(`[${code}]`);
    expect(all).toMatch(says);
    expect(all).not.toContain(token);
    expect(exit).not.toBe(0);
  });
});

describe("with all of it", () => {
  // First, as it makes the host CA: the server's other address has a Terraform state of its own, and finds it there.
  test("a chapter that asks Vault by curl", async () => {
    const { all, exit } = await taskProcess("walkthrough", ["--chapter", "4", "--yes"], vault.env);
    if (exit !== 0) throw new Error(all);
    const [, seen, of] = /what was seen: (\d+) of (\d+)/.exec(all) ?? [];
    expect(seen).toBe(of);
  }, 300_000);

  test("CAs by Terraform and by API, and hosts that are certified from their containers", async () => {
    await succeeds(task("start-ssh-with-trusted-user-ca", [], vault.otherEnv));
    const { stdout } = await docker("inspect", "--format", "{{json .Config.Env}}", "ssh-with-trusted-user-ca");
    expect(stdout).toContain("VAULT_CACERT=/run/secrets/vault-ca.pem");
    expect(stdout).not.toContain(token);
    const modes = await docker("exec", "ssh-with-trusted-user-ca", "stat", "-c", "%a %n", "/run/secrets/vault-client-key.pem");
    expect(modes.stdout).toBe("400 /run/secrets/vault-client-key.pem");
    await succeeds(task("create-known-hosts", [], vault.otherEnv));
    await succeeds(task("sign-user-key", ["alice"], vault.otherEnv));
    expect((await login("alice", 3022, "-o", "StrictHostKeyChecking=yes")).stdout).toBe("admin-ssh-user");
  }, 300_000);

  test("the host script refuses what would not be verified", async () => {
    const once = (...env: string[]) =>
      docker("exec", ...env.flatMap((each) => ["-e", each]), "ssh-with-trusted-user-ca", "ssh-trust-host", "once");
    for (const [env, says] of [
      ["VAULT_SKIP_VERIFY=1", /always verified/],
      ["VAULT_CACERT=", /certificate|SSL/i],
      ["VAULT_TLS_SERVER_NAME=", /no alternative certificate subject name|does not match/],
      ["VAULT_CLIENT_KEY=", /belong together/],
      ["VAULT_CACERT=/nowhere", /cannot be read/],
      ["VAULT_TLS_SERVER_NAME=a/b", /VAULT_TLS_SERVER_NAME is not a host name/],
    ] as const) {
      const { all, exit } = await once(env);
      expect(all).toMatch(says);
      expect(all).not.toContain(token);
      expect(exit).not.toBe(0);
    }
    await succeeds(once());
  }, 300_000);

  test("the token that vault login left behind", async () => {
    const home = await mkdtemp(join(tmpdir(), "ssh-trust-home-"));
    await writeFile(join(home, ".vault-token"), `${token}\n`, { mode: 0o600 });
    const env = { ...without(vault.env, "VAULT_TOKEN"), HOME: home };
    const { all, exit } = await task("generate-host-signing-key", [], env);
    expect({ all, exit }).toEqual({ all, exit: 0 });
    await writeFile(join(home, ".vault-token"), "another\n");
    expect((await task("generate-host-signing-key", [], env)).all).toContain("[VAULT_TOKEN_REFUSED]");
    await rm(home, { recursive: true });
  }, 180_000);

  test("a CA's key is imported by ssh-trust, which knows no lab", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ssh-trust-ca-"));
    await writeFile(join(folder, "passphrase"), "open sesame, little seed\n", { mode: 0o600 });
    const verb = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      run(
        process.execPath,
        [sshTrustFile, "offline-ca", ...args, "--passphrase-file", join(folder, "passphrase"), "--dir", join(folder, "ca")],
        { env: { ...env, DOCKER_HOST: "nowhere" } },
      );
    await succeeds(verb({}, "init", "--domain", "lab.test"));
    const importing = ["import-to-vault", "--kind", "host", "--mount", "host-ssh"];
    expect((await verb({ VAULT_ADDR: "" }, ...importing)).all).toContain("[VAULT_ADDR_MISSING]");
    expect((await verb(without(vault.env, "VAULT_CACERT"), ...importing)).all).toContain("[VAULT_TLS_FAILED]");
    const taken = await verb(vault.env, ...importing);
    expect(taken.all).toContain("[OFFLINE_CA_MOUNT_TAKEN]");
    expect(await vault.caKey("host-ssh")).toMatch(/^ssh-ed25519 /);
    await rm(folder, { recursive: true });
  }, 180_000);
});
