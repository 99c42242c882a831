/** A Vault without TLS on another machine gets no password and no token, whoever names it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { sshTrustInHost } from "../support/in-host.js";

/** This machine, by an address that is not told as its own. It counts what it is asked. */
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.writeHead(403, { "Content-Type": "application/json" }).end('{"errors":["permission denied"]}');
});
let home: string;
let address: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ssh-trust-clear-"));
  await mkdir(join(home, "run"), { mode: 0o700 });
  await writeFile(join(home, "password"), "open sesame\n", { mode: 0o600 });
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(home, "id_ed25519")]);
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
  address = `http://[::ffff:127.0.0.1]:${String((server.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true });
});

const call = (line: string, env: Record<string, string> = {}) =>
  sshTrustInHost(line.split(" "), {
    cwd: home,
    env: {
      HOME: home,
      XDG_RUNTIME_DIR: join(home, "run"),
      XDG_STATE_HOME: "",
      XDG_CONFIG_HOME: "",
      VAULT_ADDR: "",
      BAO_ADDR: "",
      VAULT_TOKEN: "",
      BAO_TOKEN: "",
      VAULT_NAMESPACE: "",
      SSH_TRUST_JWT: "",
      SSH_TRUST_ALLOW_HTTP: "",
      ...env,
    },
  });

const fleet = `vault: https://vault.example.org:8200
domains: [example.org]
hosts: { web: { names: "web-*.example.org", accounts: [deploy] } }
people: { platform: {} }
access: [{ name: platform-web, who: platform, on: web, as: deploy }]
`;
const login = "login --user alice --password-file password";

describe("refused before anything is sent", () => {
  const named = () => ({ VAULT_ADDR: address });
  const withToken = () => ({ ...named(), VAULT_TOKEN: "hvs.secret" });
  test.each<[line: string, env: () => Record<string, string>, status?: number]>([
    [login, named],
    ["known-hosts", withToken],
    ["sign id_ed25519.pub --on web", withToken],
    ["ssh deploy@web-1.example.org true", withToken, 255], // as ssh ends
    ["config install --yes", withToken],
    ["whoami", withToken],
    ["hosts", withToken],
    ["host list", withToken],
    ["host add web-1.example.org --out file", withToken],
    ["people add alice --group web --out file", withToken],
  ])("%s", async (line, env, status = 2) => {
    const { exit, stderr } = await call(line, env());
    expect(stderr).toContain("[VAULT_IN_CLEAR]");
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(`VAULT_ADDR says ${address}: without TLS`);
    expect(exit).toBe(status);
    expect(asked).toEqual([]);
  });

  test("apply, by another way to the file's Vault", async () => {
    await writeFile(join(home, "ssh-trust.yaml"), fleet);
    const { exit, stderr } = await call(`apply --plan --vault ${address}`, { VAULT_TOKEN: "hvs.secret" });
    expect(stderr).toContain("[VAULT_IN_CLEAR]");
    expect(exit).toBe(1); // 2 says that something would change
    expect(asked).toEqual([]);
  });

  test("where it is named by --vault", async () => {
    const { exit, stderr } = await call(`${login} --vault ${address}`);
    expect({ exit, stderr: stderr.replaceAll(/\s+/g, " ") }).toEqual({
      exit: 2,
      stderr: expect.stringContaining(`--vault says ${address}: without TLS`),
    });
    expect(asked).toEqual([]);
  });
});

test.each(["127.0.0.1", "localhost"])("%s is this machine: nobody is between", async (name) => {
  const { stderr } = await call(login, { VAULT_ADDR: address.replace("[::ffff:127.0.0.1]", name) });
  expect(stderr).not.toContain("VAULT_IN_CLEAR");
  expect(asked.splice(0).join()).toContain("/v1/auth/");
});

test("the hint's variable lets it through, and nothing else does", async () => {
  for (const value of ["true", "1"]) {
    const { exit, stderr } = await call(login, { VAULT_ADDR: address, SSH_TRUST_ALLOW_HTTP: value });
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining("[SETTING_INVALID]") });
  }
  expect(asked).toEqual([]);
  const refused = await call(login, { VAULT_ADDR: address });
  const [, variable = "", value = ""] = /export (SSH_TRUST_ALLOW_HTTP)=(\w+)/.exec(refused.stderr) ?? [];
  const { stderr } = await call(login, { VAULT_ADDR: address, [variable]: value });
  expect(stderr).not.toContain("VAULT_IN_CLEAR");
  expect(asked.splice(0).join()).toContain("/v1/auth/");
});
