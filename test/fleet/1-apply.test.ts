/** A fleet file is applied to a server as companies run it, by an operator without root. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fleetFolder, type FleetFolder } from "../support/fleet.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let operator: string;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    const policy = await fleet.sshTrustProcess(["apply", "--print-policy", "operator"], undefined, {
      VAULT_ADDR: server.address,
    });
    expect(policy).toMatchObject({ exit: 0, stderr: "" });
    await server.ask("sys/policies/acl/ssh-trust-operator", { body: { policy: policy.stdout } });
    const made = await server.ask("auth/token/create-orphan", { body: { policies: ["ssh-trust-operator"], ttl: "1h" } });
    operator = made.body.auth?.client_token ?? "";
    expect((await server.ask("auth/token/revoke-self", { method: "POST" })).status).toBe(204);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("the root token is revoked: nobody works with it", async () => {
    expect((await server.ask("auth/token/lookup-self")).status).toBe(403);
    expect(await fleet.sshTrust(["apply", "--plan"])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("VAULT_TOKEN_REFUSED"),
    });
  });

  test("the plan is told in the file's words and in Terraform's, and exits with 2; nothing is changed", async () => {
    const plan = await fleet.sshTrustProcess(["apply", "--plan"], operator);
    // Told where the machine is slow.
    expect(plan).toMatchObject({ exit: 2, stderr: expect.stringMatching(/^(?:Terraform plans …\n?)?$/) });
    expect(plan.stdout).toContain("+ platform may now log in as deploy, ops on web (rule platform-web): 1m, pty\n");
    expect(plan.stdout).toMatch(/# vault_ssh_secret_backend_role\.rule_platform-web will be created/);
    expect(plan.stdout).toContain("the host CA's key, inside Vault (host-ssh)");
    expect((await server.ask("host-ssh/public_key", { token: "" })).status).not.toBe(200);
  });

  test("a setting that is wrong ends a plan with 1: to a pipeline, 2 is a change", async () => {
    expect(await fleet.sshTrust(["apply", "--plan"], operator, { VAULT_SKIP_VERIFY: "true" })).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("TLS_VERIFICATION_OFF"),
    });
  });

  test("applied by the operator's policy alone; then there is nothing to change", async () => {
    const applied = await fleet.sshTrustProcess(["apply", "--yes"], operator);
    expect(applied).toMatchObject({ exit: 0 });
    expect(applied.stderr).toMatch(/Terraform: \d+ added/);
    expect(await fleet.sshTrust(["apply", "--plan"], operator)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("nothing to change"),
    });
    expect(await fleet.sshTrust(["apply", "--yes"], operator)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("nothing to change"),
    });
    expect(await readFile(join(fleet.folder, "ssh-trust.tfstate"), "utf8")).not.toContain(operator);
  });
});
