/** Applies from two machines at the same time, and a state that is of another server. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parseFleet } from "../../src/fleet/parse-fleet.js";
import { silent } from "../../src/ground/progress.js";
import { caKeySteps, keysAreMade } from "../../src/operator/fleet/ca-keys.js";
import type { VaultSettings } from "../../src/settings/vault.js";
import { openVaultApi, type VaultApi } from "../../src/vault/api.js";
import { alone } from "../../src/vault/claim.js";
import { connectVault } from "../../src/vault/client.js";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { operatorAt, operatorToken, refused, type Operator } from "../support/operator.js";
import { until } from "../support/project.js";
import { startProxy, type Proxy } from "../support/proxy.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let proxy: Proxy;
  let settings: VaultSettings;
  let api: VaultApi;

  beforeAll(async () => {
    server = await startServer(kind);
    proxy = await startProxy(server);
    for (const mount of ["host-ssh", "user-ssh"]) await server.ask(`sys/mounts/${mount}`, { body: { type: "ssh" } });
    await server.ask("sys/mounts/ssh-trust", { body: { type: "kv", options: { version: "2" } } });
    const token = await operatorToken(server, fleetText(server.address));
    settings = { address: proxy.address, token, tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
    api = openVaultApi(settings);
    await server.ask("ssh-trust/data/warm", { body: { data: {} } }); // a new store is not ready at once
  }, 300_000);
  afterEach(() => {
    proxy.gate = undefined;
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const claim = async () => (await server.ask("ssh-trust/data/apply-makes-keys")).status;

  describe("CA keys", () => {
    test("four applies at once make one of each, and agree on it", async () => {
      const fleet = parseFleet(fleetText(server.address), "ssh-trust.yaml");
      // Slow enough that each would find no key, and make its own.
      proxy.gate = async (asked) => {
        if (asked.endsWith("config/ca")) await sleep(700);
        return undefined;
      };
      const applies = await Promise.all(
        [1, 2, 3, 4].map(() =>
          caKeySteps(api, connectVault(settings), { fleet, known: undefined, mayChange: false, progress: silent }),
        ),
      );
      expect(applies.map(({ steps }) => steps.length)).toEqual([2, 2, 2, 2]);
      await Promise.all(
        applies.map(async ({ steps }) => {
          for (const { take } of steps) await take();
        }),
      );
      expect(proxy.asked.filter((asked) => /^(POST|PUT) \S+\/config\/ca$/.test(asked))).toHaveLength(2);
      for (const mount of ["host-ssh", "user-ssh"]) {
        const keys = await Promise.all(applies.map(({ requireAgreed }) => requireAgreed(mount)));
        expect(new Set(keys).size).toBe(1);
      }
      expect(await claim()).toBe(404);
    });

    test("a refusal to say whether there is a key is not taken for none", async () => {
      proxy.gate = (asked) =>
        Promise.resolve(asked === "GET host-ssh/public_key" ? { status: 403, errors: ["permission denied"] } : undefined);
      proxy.asked.length = 0;
      expect(await refused(connectVault(settings).ensureCa({ mount: "host-ssh" }))).toMatchObject({
        code: "VAULT_PERMISSION_DENIED",
      });
      expect(proxy.asked.filter((asked) => !asked.startsWith("GET "))).toEqual([]);
    });
  });

  describe("the claim", () => {
    const claimed = () => server.ask("ssh-trust/data/apply-makes-keys", { body: { data: { by: "one that was killed" } } });

    test("is waited for, and told in the end", async () => {
      await claimed();
      const work = jest.fn(() => Promise.resolve());
      expect(await refused(alone(api, keysAreMade, { stale: 60, atMost: 1 }, work))).toMatchObject({
        code: "FLEET_KEYS_CLAIMED",
      });
      expect(work).not.toHaveBeenCalled();
      expect(await claim()).toBe(200);
    });

    test("an interruption ends the waiting", async () => {
      const signal = AbortSignal.timeout(100);
      await expect(alone(api, keysAreMade, { stale: 60, atMost: 60, signal }, () => Promise.resolve())).rejects.toMatchObject({
        name: "AbortError",
      });
    });

    test("of an apply that was killed is taken over, once it has not changed for a while", async () => {
      const begun = performance.now();
      await alone(api, keysAreMade, { stale: 1, atMost: 30 }, () => Promise.resolve());
      expect(performance.now() - begun).toBeGreaterThan(1000);
      expect(await claim()).toBe(404);
    });

    test("that somebody deleted by hand, with its versions left, is taken, too", async () => {
      await claimed();
      await server.ask("ssh-trust/data/apply-makes-keys", { method: "DELETE" });
      proxy.asked.length = 0;
      expect(await refused(alone(api, keysAreMade, { stale: 60, atMost: 1 }, () => Promise.resolve()))).toMatchObject({
        code: "FLEET_KEYS_CLAIMED",
      });
      expect(proxy.asked.length).toBeLessThan(20);
      expect(await alone(api, keysAreMade, { stale: 1, atMost: 30 }, () => Promise.resolve("done"))).toBe("done");
      expect(await claim()).toBe(404);
    });

    test("is not given back by an apply that lost it to another, while that one works", async () => {
      const patience = { stale: 1, atMost: 30 };
      let [given, ended] = [() => {}, () => {}];
      const taken = new Promise<void>((resolve) => (given = resolve));
      const over = new Promise<void>((resolve) => (ended = resolve));
      const slow = alone(api, keysAreMade, patience, () => taken);
      await until("the first claim", 10, async () => (await claim()) === 200);
      const other = alone(api, keysAreMade, patience, () => {
        given();
        return over;
      });
      await slow;
      expect(await claim()).toBe(200);
      ended();
      await other;
      expect(await claim()).toBe(404);
    });

    test("is lost to another where the work is slow: nothing is made any more, and theirs stays", async () => {
      const slow = alone(api, keysAreMade, { stale: 1, atMost: 30 }, async (stillAlone) => {
        await server.ask("ssh-trust/data/apply-makes-keys", { body: { data: { by: "another" } } });
        await stillAlone();
      });
      expect(await refused(slow)).toMatchObject({ code: "FLEET_KEYS_CLAIMED" });
      expect(await claim()).toBe(200);
      await alone(api, keysAreMade, { stale: 1, atMost: 30 }, (stillAlone) => stillAlone());
      expect(await claim()).toBe(404);
    });

    test("is given back where the work fails", async () => {
      await expect(alone(api, keysAreMade, { stale: 1, atMost: 30 }, () => Promise.reject(new Error("no key")))).rejects.toThrow(
        "no key",
      );
      expect(await claim()).toBe(404);
    });

    test("is nobody's but an operator's", async () => {
      const made = await server.ask("auth/token/create-orphan", { body: { policies: ["default"] } });
      const token = made.body.auth?.client_token ?? "";
      const path = "ssh-trust/data/apply-makes-keys";
      expect((await server.ask(path, { token })).status).toBe(403);
      expect((await server.ask(path, { token, body: { data: { by: "me" } } })).status).toBe(403);
    });
  });
});

describe("a state that is of another server", () => {
  let one: Server;
  let other: Server;
  let fleet: FleetFolder;
  let operator: Operator;
  let text: string;

  beforeAll(async () => {
    [one, other] = await Promise.all([startServer("OpenBao"), startServer("Vault")]);
    fleet = await fleetFolder(one);
    text = fleetText(one.address);
    operator = operatorAt(one, fleet.folder);
    await operator.apply(text);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const cluster = async ({ ask }: Server) => ((await ask("sys/health")).body as { cluster_id?: string }).cluster_id ?? "none";
  const mounts = async () => Object.keys((await other.ask("sys/mounts")).body.data ?? {});

  test("by --vault: refused, and both are named", async () => {
    const there = { address: other.address, token: other.rootToken, tls: { caCert: other.caFile } };
    const vault = { ...there, tokenSource: "VAULT_TOKEN", namespace: undefined };
    const error = await refused(operator.apply(text, { vault }));
    expect(error).toMatchObject({ code: "FLEET_OTHER_SERVER" });
    for (const each of [one, other]) {
      expect(error.message).toContain(each.address);
      expect(error.message).toContain(await cluster(each));
    }
    expect(await mounts()).not.toContain("host-ssh/");
  });

  test("by another address in the file: refused", async () => {
    const elsewhere = operatorAt(other, fleet.folder);
    expect(await refused(elsewhere.apply(fleetText(other.address)))).toMatchObject({ code: "FLEET_OTHER_SERVER" });
    expect(await mounts()).not.toContain("host-ssh/");
  });

  test("in another namespace: refused", async () => {
    await one.ask("sys/namespaces/team-a", { method: "POST" });
    expect(await refused(operator.apply(text, { namespace: "team-a" }))).toMatchObject({
      code: "FLEET_OTHER_SERVER",
      message: expect.stringContaining("namespace team-a"),
    });
  });

  test("the same server by another address of it: nothing to change", async () => {
    await using proxy = await startProxy(one);
    const vault = { address: proxy.address, token: one.rootToken, tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
    expect(await operator.plan(text, { vault })).toMatchObject({ changes: false });
  });

  test("with --adopt, the other one gets all that it lacks", async () => {
    const elsewhere = operatorAt(other, fleet.folder);
    const { words } = await elsewhere.apply(fleetText(other.address), { mayAdopt: true });
    expect(words[0]).toMatch(/^withdraws: Vault is another server than before.*both CAs get new keys/);
    expect(await mounts()).toContain("host-ssh/");
    expect(await elsewhere.plan(fleetText(other.address))).toMatchObject({ changes: false });
  });
});
