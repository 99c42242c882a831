/** A Vault that is sealed, down, busy, or does not take the token, or a state that is locked: said as it is, and what is said mends it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fetchHashicorpVault } from "../../lab/toolchain/go-programs.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { run as runTerraform } from "../../src/terraform/run.js";
import { watchCommandLines } from "../support/command-lines.js";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { commandsOf, operatorAt, operatorToken, refused } from "../support/operator.js";
import { run, sshTrustFile } from "../support/project.js";
import { startProxy, type Proxy } from "../support/proxy.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";
import { startStateServer } from "../support/state-server.js";
import { differences, snapshotOf } from "../support/vault-snapshot.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let proxy: Proxy;
  let token: string;
  let text: string;

  beforeAll(async () => {
    server = await startServer(kind);
    proxy = await startProxy(server);
    fleet = await fleetFolder(server);
    text = fleetText(server.address);
    token = await operatorToken(server, text);
  }, 300_000);
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** With Vault behind the proxy. */
  const through = (as: string) => {
    const operator = operatorAt(server, fleet.folder, as);
    const vault = { address: proxy.address, token: as, tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
    return { plan: () => operator.plan(text, { vault }), apply: () => operator.apply(text, { vault }) };
  };

  test.each([
    ["busy at the first question", /^GET sys\/(health|seal-status)/, 503, "VAULT_BUSY", "503"],
    ["overloaded", /^GET sys\/(health|seal-status)/, 429, "VAULT_BUSY", "429"],
    ["busy later", /^LIST user-ssh\/roles/, 503, "VAULT_BUSY", "503"],
    ["a token that may not list mounts", /^GET sys\/mounts$/, 403, "VAULT_PERMISSION_DENIED", '"sys/mounts"'],
    [
      "a token that may not read the entry",
      /^GET ssh-trust\/data\/fleet/,
      403,
      "VAULT_PERMISSION_DENIED",
      '"ssh-trust/data/fleet"',
    ],
  ])("%s: said, and nothing is changed", async (_what, at, status, code, names) => {
    proxy.gate = (asked) =>
      Promise.resolve(at.test(asked) ? { status, errors: status === 403 ? ["permission denied"] : [] } : undefined);
    const before = await snapshotOf(server);
    expect(await refused(through(token).apply())).toMatchObject({ code, message: expect.stringContaining(names) });
    proxy.gate = undefined;
    expect(differences(before, await snapshotOf(server))).toEqual([]);
  });

  test("a token without the operator's policy: the path is named, and the hint says what it may do there", async () => {
    const made = await server.ask("auth/token/create-orphan", { body: { policies: ["default"] } });
    const other = made.body.auth?.client_token ?? "";
    const error = await refused(through(other).apply());
    expect(error.code).toBe("VAULT_PERMISSION_DENIED");
    const { binary } = await fetchHashicorpVault(readLabSettings(), silent);
    const env = { ...server.env(other), VAULT_ADDR: server.address, PATH: `${join(binary, "..")}:${process.env["PATH"] ?? ""}` };
    const [command = ""] = commandsOf(error);
    expect(await run("sh", ["-c", command], { env })).toMatchObject({ exit: 0, stdout: "deny" });
  });

  test("a token that ends while Terraform applies: the path is named; with another one, the same command does the rest", async () => {
    let made = false;
    proxy.gate = (asked) => {
      if (made) return Promise.resolve({ status: 403, errors: ["permission denied"] });
      made ||= /^(POST|PUT) user-ssh\/roles\//.test(asked);
      return Promise.resolve(undefined);
    };
    const error = await refused(through(token).apply());
    proxy.gate = undefined;
    // Which is the first to be refused is not the same each time; of a group that is read, the provider names the path alone.
    const named = /v1\/\S+ Code: 403|failed reading "\/identity\/group\/id\/[0-9a-f-]+"/;
    expect([error.code, error.message]).toEqual(["TERRAFORM_FAILED", expect.stringMatching(named)]);
    // What Terraform made and could not tell its state is taken over.
    await operatorAt(server, fleet.folder, token).apply(text, { mayAdopt: true });
    expect(await through(token).plan()).toMatchObject({ changes: false });
  });

  if (kind === "OpenBao")
    test("a state that is locked: who, since when, and the command that unlocks it", async () => {
      await using backend = await startStateServer();
      await using elsewhere = await fleetFolder(server);
      const { address } = backend;
      const operator = operatorAt(server, elsewhere.folder);
      const kept = `${text}state: { http: { address: "${address}", lock_address: "${address}", unlock_address: "${address}" } }\n`;
      await operator.apply(kept, { mayAdopt: true });
      backend.lock = JSON.stringify({
        ID: "9d6a3f2e-0000-4000-8000-7d1f2b1c0a55",
        Who: "carol@laptop",
        Created: "2026-01-02T03:04:05Z",
      });
      const { vault, places, terraform } = await operator.as(kept);
      if (terraform === undefined) throw new Error("no Terraform");
      const dir = join(places.work, "stacks", "fleet");
      const to = { ...terraform, vault: { ...vault, token: server.rootToken } };
      // As apply does it, without its patience.
      const error = await refused(runTerraform(to, dir, ["plan", "-json", "-input=false", "-lock-timeout=0s"]));
      expect(error).toMatchObject({ code: "STATE_LOCKED", message: expect.stringMatching(/does not tell/) });
      expect(commandsOf(error)).toEqual([expect.stringContaining("force-unlock 9d6a3f2e-0000-4000-8000-7d1f2b1c0a55")]);
      for (const command of commandsOf(error))
        expect(await run("sh", ["-c", command], { input: "yes\n" })).toMatchObject({ exit: 0 });
      expect(backend.lock).toBeUndefined();
      expect(await operator.plan(kept)).toMatchObject({ changes: false });
    });

  test("no secret in the list of processes, while Terraform plans and applies", async () => {
    await fleet.edit("session: 10h", "session: 7h");
    const { seen, look } = watchCommandLines();
    proxy.gate = look;
    const running = spawn(process.execPath, [sshTrustFile, "apply", "--yes", "--vault", proxy.address], {
      cwd: fleet.folder,
      env: { ...process.env, ...server.env(token) },
      stdio: "ignore",
    });
    const [status] = (await once(running, "exit")) as [number];
    proxy.gate = undefined;
    expect(status).toBe(0);
    expect(seen.filter((line) => line.includes("terraform"))).not.toEqual([]);
    expect(seen.filter((line) => line.includes(token))).toEqual([]);
  });

  test("the file is wrong, or names another Vault: 1, also with --plan, before anything is asked", async () => {
    const asked = proxy.asked.length;
    const to = { VAULT_ADDR: proxy.address };
    for (const flags of [["--plan"], ["--yes"], ["--plan", "--format", "json"]]) {
      const other = await fleet.sshTrust(["apply", ...flags], token, to);
      expect(other).toMatchObject({ exit: 1, stderr: expect.stringContaining("[FLEET_OTHER_VAULT]"), stdout: "" });
    }
    expect(proxy.asked.length).toBe(asked);
    // The hint, as it is: the same server at another address.
    expect(await fleet.sshTrust(["apply", "--plan", "--vault", proxy.address], token, to)).toMatchObject({ exit: 0 });
    expect(proxy.asked.length).toBeGreaterThan(asked);
    await fleet.edit("who: platform", "who: nobody");
    expect(await fleet.sshTrust(["apply", "--plan"], token)).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("nobody"),
    });
    await fleet.edit("who: nobody", "who: platform");
  });

  test("what an error says to run has the options that this apply was called with", async () => {
    await rename(fleet.file, join(fleet.folder, "our fleet.yaml"));
    const args = ["apply", "--plan", "--file", "our fleet.yaml", "--vault", proxy.address];
    const { stderr } = await fleet.sshTrust(args, token);
    expect(stderr).toContain(`[FLEET_NOT_OURS]`);
    expect(stderr).toContain(`apply --file 'our fleet.yaml' --vault ${proxy.address} --plan --adopt`);
    await rename(join(fleet.folder, "our fleet.yaml"), fleet.file);
  });

  test("a plan for programs: 2 where something would change, 0 where nothing would", async () => {
    const json = async () => {
      const { exit, stdout } = await fleet.sshTrust(["apply", "--plan", "--format", "json"], token);
      return { exit, ...(JSON.parse(stdout) as object) };
    };
    expect(await json()).toMatchObject({ exit: 0, changes: false, access: [], steps: [] });
    await fleet.edit("session: 7h", "session: 6h");
    expect(await json()).toMatchObject({
      exit: 2,
      changes: true,
      access: [{ kind: "withdraws", text: "a sign-in lasts at most 6h, not 7h" }],
      terraform: { added: 0, changed: 1, destroyed: 0, imported: 0 },
    });
  });

  test("sealed, and down", async () => {
    await server.ask("auth/token/revoke", { body: { token } });
    expect(await refused(through(token).apply())).toMatchObject({ code: "VAULT_TOKEN_REFUSED" });
    expect((await server.ask("sys/seal", { method: "POST" })).status).toBeLessThan(300);
    expect(await refused(through(server.rootToken).apply())).toMatchObject({ code: "VAULT_SEALED" });
    await server[Symbol.asyncDispose]();
    expect(await refused(operatorAt(server, fleet.folder).apply(text))).toMatchObject({
      code: expect.stringMatching(/VAULT_UNREACHABLE|SETTING_INVALID/),
    });
    await rm(fleet.file, { force: true });
    expect(await fleet.sshTrust(["apply", "--plan"], token)).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("FLEET_FILE_MISSING"),
    });
  });
});
