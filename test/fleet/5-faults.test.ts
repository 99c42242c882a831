/** What stops an apply: things of somebody else's, a state that is gone, a Vault that does not answer. Each hint mends what it is for. */
import { copyFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fetchHashicorpVault } from "../../lab/toolchain/go-programs.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { commandsOf, operatorAt, operatorToken, refused, type Operator } from "../support/operator.js";
import { run } from "../support/project.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";
import { differences, snapshotOf, type Snapshot } from "../support/vault-snapshot.js";

jest.setTimeout(180_000);

interface Theirs {
  readonly path: string;
  readonly body: unknown;
  readonly method?: "POST";
  readonly remove?: string;
  readonly code: string;
  readonly names: RegExp;
  /** Whether it can be taken over. */
  readonly adopts?: true;
}

const theirs: Readonly<Record<string, Theirs>> = {
  "an SSH mount": {
    path: "sys/mounts/host-ssh",
    body: { type: "ssh" },
    code: "FLEET_NOT_OURS",
    names: /the mount host-ssh/,
    adopts: true,
  },
  "a store, version 2": {
    path: "sys/mounts/ssh-trust",
    body: { type: "kv", options: { version: "2" } },
    code: "FLEET_NOT_OURS",
    names: /the mount ssh-trust/,
    adopts: true,
  },
  "a mount of another type": {
    path: "sys/mounts/user-ssh",
    body: { type: "transit" },
    code: "VAULT_MOUNT_CONFLICT",
    names: /user-ssh.*transit/,
  },
  "a kv mount at a CA's path": {
    path: "sys/mounts/user-ssh",
    body: { type: "kv", options: { version: "2" } },
    code: "VAULT_MOUNT_CONFLICT",
    names: /user-ssh.*kv/,
  },
  "a way to sign in": {
    path: "sys/auth/ssh-trust/people",
    body: { type: "userpass" },
    code: "FLEET_NOT_OURS",
    names: /the sign-in method ssh-trust\/people/,
    adopts: true,
  },
  "a way to sign in of another type": {
    path: "sys/auth/ssh-trust/hosts/example.org",
    body: { type: "userpass" },
    code: "VAULT_MOUNT_CONFLICT",
    names: /auth\/ssh-trust\/hosts\/example\.org.*userpass/,
  },
  "a policy": {
    path: "sys/policies/acl/ssh-trust-people-dba",
    body: { policy: 'path "secret/*" { capabilities = ["read"] }' },
    code: "FLEET_NOT_OURS",
    names: /the policy ssh-trust-people-dba/,
    adopts: true,
  },
  "a group": {
    path: "identity/group/name/ssh-trust-dba",
    body: { policies: ["theirs"], metadata: { theirs: "yes" } },
    code: "FLEET_NOT_OURS",
    names: /the group ssh-trust-dba/,
    adopts: true,
  },
  "a rate limit": {
    path: "sys/quotas/rate-limit/ssh-trust-limit-host-ssh",
    body: { rate: 5000 },
    code: "FLEET_NOT_OURS",
    names: /the rate limit ssh-trust-limit-host-ssh/,
    adopts: true,
  },
};

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let operator: Operator;
  let text: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    text = fleetText(server.address);
    operator = operatorAt(server, fleet.folder, await operatorToken(server, text));
    const { binary } = await fetchHashicorpVault(readLabSettings(), silent);
    env = { ...server.env(), VAULT_ADDR: server.address, PATH: `${join(binary, "..")}:${process.env["PATH"] ?? ""}` };
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** What does not differ between the servers is seen on one of them. */
  const byTurns = <T>(all: readonly T[]): T[] => all.filter((_, place) => serverKinds[place % 2] === kind);
  const shell = (command: string) => run("sh", ["-c", command], { cwd: fleet.folder, env });

  describe("somebody else has our names: stopped before anything is changed", () => {
    test.each(byTurns(Object.entries(theirs)))(
      "%s",
      async (_name, { path, body, method = "POST", remove = path, code, names, adopts }) => {
        const made = await server.ask(path, { method, body });
        expect(made.status).toBeLessThan(300);
        const before = await snapshotOf(server);
        const error = await refused(operator.apply(text));
        expect(error).toMatchObject({ code, message: expect.stringMatching(names) });
        expect(differences(before, await snapshotOf(server))).toEqual([]);
        if (adopts === true) {
          expect(await operator.plan(text, { mayAdopt: true })).toMatchObject({ planned: { imported: 1 } });
          expect(differences(before, await snapshotOf(server))).toEqual([]);
        }
        if (code === "VAULT_MOUNT_CONFLICT") {
          const [move = ""] = commandsOf(error);
          expect(await shell(move.replace("<to>", "theirs"))).toMatchObject({ exit: 0 });
        } else expect((await server.ask(remove, { method: "DELETE" })).status).toBeLessThan(300);
        expect(await operator.plan(text)).toMatchObject({ planned: { added: 26 } });
      },
    );
  });

  test("an outside group that belongs to another group: the hint says what to write instead", async () => {
    await server.ask("sys/auth/ci", { body: { type: "jwt" } });
    const { accessor } = (await server.ask("sys/auth/ci")).body.data ?? {};
    const { id } = (await server.ask("identity/group", { body: { name: "theirs", type: "external" } })).body.data ?? {};
    await server.ask("identity/group-alias", { body: { name: "team", mount_accessor: accessor, canonical_id: id } });
    const outside =
      text.replace("platform: {}", "platform: { jwt: team }") + "sign-in: { userpass: {}, jwt: { existing: ci } }\n";
    const operator = operatorAt(server, fleet.folder, await operatorToken(server, outside));
    const before = await snapshotOf(server);
    const error = await refused(operator.apply(outside, { mayAdopt: true }));
    expect(error).toMatchObject({ code: "FLEET_GROUP_TAKEN", message: expect.stringContaining('"theirs"') });
    const [, instead = "", place = ""] = /write "(.*)" instead of "(.*)"/.exec(error.hint[0]?.say ?? "") ?? [];
    expect(await operator.plan(outside.replace(place, instead))).toMatchObject({ planned: { added: 26 } });
    expect(differences(before, await snapshotOf(server))).toEqual([]);
  });

  describe("a fleet that was applied", () => {
    let first: Snapshot;
    const state = () => join(fleet.folder, "ssh-trust.tfstate");

    beforeAll(async () => {
      await operator.apply(text);
      // Whom somebody added to a group is not in the file.
      const { id } = (await server.ask("identity/entity", { body: { name: "alice" } })).body.data ?? {};
      await server.ask("identity/group/name/ssh-trust-dba", { body: { member_entity_ids: [id] } });
      expect(await operator.plan(text)).toMatchObject({ changes: false });
      first = await snapshotOf(server);
    });

    test("its state is lost: what is there is named, taken over when asked for, and not changed", async () => {
      await rm(state());
      const error = await refused(operator.plan(text));
      expect(error.code).toBe("FLEET_NOT_OURS");
      for (const each of ["the mount host-ssh", "the second factor", "the group ssh-trust-dba", "the role dba-db_reserve"])
        expect(error.message).toContain(each);
      expect(error.hint).toContainEqual(expect.objectContaining({ run: { verb: "apply --adopt" } }));
      expect(await operator.plan(text, { mayAdopt: true })).toMatchObject({ words: [], steps: [], planned: { imported: 25 } });
      expect(await operator.apply(text, { mayAdopt: true })).toMatchObject({ applied: { imported: 25, destroyed: 0 } });
      expect(differences(first, await snapshotOf(server))).toEqual([]);
      expect(await operator.plan(text)).toMatchObject({ changes: false });
    });

    if (kind === "Vault")
      test("its state is damaged: each way of the hint is gone", async () => {
        for (const [backup, commands] of [
          [true, (all: readonly string[]) => all.slice(0, 1)],
          [false, (all: readonly string[]) => all],
        ] as const) {
          if (backup) await copyFile(state(), `${state()}.backup`);
          else await rm(`${state()}.backup`, { force: true });
          await truncate(state(), 500);
          const error = await refused(operator.plan(text));
          expect(error).toMatchObject({ code: "STATE_DAMAGED", message: expect.stringContaining(state()) });
          for (const command of commands(commandsOf(error))) expect(await shell(command)).toMatchObject({ exit: 0 });
          await operator.apply(text, { mayAdopt: !backup });
          expect(await operator.plan(text)).toMatchObject({ changes: false });
          expect(differences(first, await snapshotOf(server))).toEqual([]);
        }
      });

    test.each(
      byTurns<[string, string, Record<string, unknown>]>([
        ["in the hosts' mount", "host-ssh/roles/mine", { allow_host_certificates: true, allowed_domains: "*" }],
        [
          "called as a group of hosts, in the people's mount",
          "user-ssh/roles/web",
          { allow_user_certificates: true, allowed_users: "*" },
        ],
        ["called as a reserve that no rule has", "user-ssh/roles/platform-web_reserve", { allow_user_certificates: true }],
      ]),
    )("a role that somebody added %s: the hint says how to remove it", async (_where, path, values) => {
      for (const changed of [{}, { terraform: undefined }]) {
        await server.ask(path, { body: { key_type: "ca", ...values } });
        const error = await refused(operator.plan(text, changed));
        expect(error).toMatchObject({
          code: "FLEET_FOREIGN_ROLE",
          message: expect.stringContaining(path.split("/").at(-1) ?? ""),
        });
        for (const command of commandsOf(error)) expect(await shell(command)).toMatchObject({ exit: 0 });
      }
      expect(differences(first, await snapshotOf(server))).toEqual([]);
      expect(await operator.plan(text)).toMatchObject({ changes: false });
    });

    test.each(
      byTurns<[string, string]>([
        ["host-ca", "host-ssh"],
        ["user-ca", "user-ssh"],
      ]),
    )("mounts.%s is renamed in the file, with and without Terraform", async (key, mount) => {
      for (const changed of [{}, { terraform: undefined }, { mayAdopt: true }]) {
        const error = await refused(operator.apply(`${text}mounts: { ${key}: other }\n`, changed));
        expect(error.code).toBe("FLEET_MOUNT_MOVED");
        const [, line = ""] = /write "(.*)" below "mounts"/.exec(error.hint[0]?.say ?? "") ?? [];
        expect(line).toBe(`${key}: ${mount}`);
        expect(await operator.plan(`${text}mounts: { ${line} }\n`)).toMatchObject({ changes: false });
      }
    });

    test("the mount of a CA was taken away: no other key is made, and none is told to clients, unless it is asked for", async () => {
      await server.ask("sys/mounts/host-ssh", { method: "DELETE" });
      const gone = await snapshotOf(server);
      for (const changed of [{}, { terraform: undefined }]) {
        expect(await refused(operator.apply(text, changed))).toMatchObject({
          code: "FLEET_CA_CHANGED",
          message: expect.stringMatching(/host CA with the key SHA256:.* "host-ssh" is now: none/),
          hint: expect.arrayContaining([expect.objectContaining({ run: { verb: "apply --adopt" } })]),
        });
      }
      await server.ask("sys/mounts/host-ssh", { body: { type: "ssh" } });
      await server.ask("host-ssh/config/ca", { body: { generate_signing_key: true, key_type: "ed25519" } });
      expect(await refused(operator.apply(text))).toMatchObject({
        code: "FLEET_CA_CHANGED",
        message: expect.stringMatching(/is now: SHA256:/),
      });
      await server.ask("sys/mounts/host-ssh", { method: "DELETE" });
      expect(differences(gone, await snapshotOf(server))).toEqual([]);
      const done = await operator.apply(text, { mayAdopt: true });
      expect(done.steps).toContain("another key for the host CA, inside Vault (host-ssh)");
      expect(differences(first, await snapshotOf(server))).toEqual([
        "~ host-ssh/config/ca",
        ...(kind === "OpenBao" ? ["~ host-ssh/config/issuers"] : []),
        "~ ssh-trust/data/fleet",
        "~ sys/mounts/host-ssh/",
      ]);
      expect(await operator.plan(text)).toMatchObject({ changes: false });
    });
  });
});
