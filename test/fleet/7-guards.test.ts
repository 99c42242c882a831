/** What an apply looks at before it changes anything, and once more before clients are told. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { planFleet } from "../../src/operator/fleet/plan-fleet.js";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { operatorAt, type Operator } from "../support/operator.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let operator: Operator;
  let text: string;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    operator = operatorAt(server, fleet.folder);
    text = fleetText(server.address);
    await operator.apply(text);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const refusedWith = async (asked: Promise<unknown>, code: string) => {
    await expect(asked).rejects.toMatchObject({ code });
  };
  const entry = async () => (await server.ask("ssh-trust/data/fleet")).body.data?.["data"];
  const overwrite = (data: unknown) => server.ask("ssh-trust/data/fleet", { body: { data } });

  describe("an entry that cannot be read stops it: it says which keys clients trust", () => {
    test.each([
      ["written by a newer version", (now: object) => ({ ...now, schema: 2 })],
      ["without a key", (now: object) => ({ ...now, cas: { host: [], user: [] } })],
      ["not a fleet", () => ({ hello: "world" })],
    ])("%s", async (_what, changed) => {
      const before = (await entry()) as object;
      await overwrite(changed(before));
      for (const terraform of [{}, { terraform: undefined }])
        await refusedWith(operator.apply(text, terraform), "FLEET_STORE_UNKNOWN");
      expect(await entry()).toEqual(changed(before));
      await operator.apply(text, { mayAdopt: true });
      expect(await entry()).toEqual(before);
    });
  });

  test("a role that is added while it is asked about: clients are not told", async () => {
    const before = await entry();
    await using plan = await planFleet(await operator.as(text.replace("for: 1m, with: [pty] }", "for: 2m, with: [pty] }")));
    const role = { key_type: "ca", allow_host_certificates: true, allowed_domains: "*" };
    await server.ask("host-ssh/roles/evil", { body: role });
    await refusedWith(plan.carryOut(), "FLEET_FOREIGN_ROLE");
    expect(await entry()).toEqual(before);
    await server.ask("host-ssh/roles/evil", { method: "DELETE" });
  });

  test("a key that is replaced while it is asked about: clients are not told", async () => {
    const before = await entry();
    const path = "user-ssh/config/ca";
    {
      await using plan = await planFleet(await operator.as(text.replace("for: 1m, with: [pty] }", "for: 3m, with: [pty] }")));
      await server.ask(path, { method: "DELETE" });
      await server.ask(path, { body: { generate_signing_key: true, key_type: "ed25519" } });
      await refusedWith(plan.carryOut(), "FLEET_CA_CHANGED");
    }
    expect(await entry()).toEqual(before);
    await refusedWith(operator.plan(text), "FLEET_CA_CHANGED");
    await operator.apply(text, { mayAdopt: true });
    expect(await operator.plan(text)).toMatchObject({ changes: false });
  });

  describe("a way to sign in is not deleted with its people by a change of its place", () => {
    test.each([
      ["left to Vault", "userpass: { existing: ssh-trust/people }"],
      ["elsewhere", "userpass: { path: people }"],
    ])("%s", async (_what, method) => {
      // The reader refuses the first by its path; whatever it takes, the mount is not given away.
      await expect(operator.apply(`${text}sign-in: { ${method} }\n`)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:FLEET_METHOD_MOVED|FLEET_FILE_INVALID)$/),
      });
      expect((await server.ask("sys/auth")).body.data).toHaveProperty("ssh-trust/people/");
    });
  });

  describe("what Vault is said to have, and has not", () => {
    test.each([
      ["a way to sign in", "sign-in: { oidc: { existing: nowhere } }", "FLEET_METHOD_MISSING"],
      ["a way to sign in for people without a group", "sign-in: { userpass: { existing: nowhere } }", "FLEET_METHOD_MISSING"],
      ["one of another type", "sign-in: { oidc: { existing: token-like } }", "FLEET_METHOD_MISSING"],
    ])("%s", async (_what, line, code) => {
      await server.ask("sys/auth/token-like", { body: { type: "approle" } });
      await refusedWith(operator.apply(`${text}${line}\n`), code);
    });

    test("an identity group", async () => {
      await refusedWith(operator.apply(text.replace("dba: {}", "dba: { identity-group: nobodys }")), "FLEET_GROUP_MISSING");
    });
  });

  test("a state file that the file names is looked for from the fleet file, not among what can be made again", async () => {
    await operator.apply(`${text}state: { local: { path: kept/fleet.tfstate } }\n`, { mayAdopt: true });
    await access(join(fleet.folder, "kept/fleet.tfstate"));
  });

  test("a way to sign in with a path of its own is not left to Vault either", async () => {
    await using another = await fleetFolder(server);
    const there = operatorAt(server, another.folder);
    await there.apply(`${text}sign-in: { userpass: { path: people } }\n`, { mayAdopt: true });
    await refusedWith(there.apply(`${text}sign-in: { userpass: { existing: people } }\n`), "FLEET_METHOD_MOVED");
    expect((await server.ask("sys/auth")).body.data).toHaveProperty("people/");
  });
});
