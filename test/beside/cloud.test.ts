/** The machines of the small cloud: what must be refused, and what must survive. The chapters show the rest. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Machine } from "../../lab/cloud/machines.js";
import { at, cloud, expectError, lab, list, machine, smallCloud } from "../support/cloud.js";
import { docker, killedHalfWay, labNames, run, succeeds, task, until } from "../support/project.js";
import { identityOf } from "../../lab/cloud/naming.js";

/** The first address of the network of machines. */
const gateway = labNames.cloud.subnet.replace(/0\/24$/, "1");

const hostKey = async (name: string) => (await docker("exec", at(name), "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).stdout;

const ledger = join(lab.settings.labDir, "cloud.json");

beforeAll(smallCloud, 240_000);

afterAll(async () => {
  await task("reset-cloud");
}, 60_000);

describe("refused, and nothing is changed", () => {
  let before: Machine[];
  beforeAll(async () => {
    before = await list();
  });
  test.each([
    ["no verb", [], "USAGE", /needs a verb/, 2],
    ["a verb that is none", ["explode", "web"], "USAGE", /no verb "explode"/, 2],
    ["no name", ["launch"], "USAGE", /<name> is missing/, 2],
    ["an unknown option", ["launch", "x", "--size", "9"], "USAGE", /--size/, 2],
    ["a name that is none", ["launch", "Web.Lab"], "MACHINE_NAME_INVALID", /"Web\.Lab"/, 2],
    ["a name like an option", ["launch", "--", "-rf"], "MACHINE_NAME_INVALID", /"-rf"/, 2],
    ["two names in one", ["launch", "a,b"], "MACHINE_NAME_INVALID", /"a,b"/, 2],
    [
      "a service that cannot be",
      ["launch", "x", "--serves", "*"],
      "MACHINE_NAME_INVALID",
      /"\*" cannot be the name of a service/,
      2,
    ],
    ["one that exists", ["launch", "web"], "MACHINE_EXISTS", /"web" already \(running\)/, 1],
    ["one that exists and is stopped", ["launch", "idle"], "MACHINE_EXISTS", /"idle" already \(stopped\)/, 1],
    ["an unknown machine: reboot", ["reboot", "ghost"], "MACHINE_UNKNOWN", /"ghost".*idle, web/, 1],
    ["an unknown machine: stop", ["stop", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: start", ["start", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: terminate", ["terminate", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: console", ["console", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: associate", ["associate", "www", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["starting one that runs", ["start", "web"], "MACHINE_WRONG_STATE", /cannot start "web": it is running/, 1],
    ["stopping one that is stopped", ["stop", "idle"], "MACHINE_WRONG_STATE", /cannot stop "idle": it is stopped/, 1],
    ["rebooting one that is stopped", ["reboot", "idle"], "MACHINE_WRONG_STATE", /cannot reboot "idle": it is stopped/, 1],
    ["an elastic address for one that is stopped", ["associate", "www", "idle"], "MACHINE_WRONG_STATE", /it is stopped/, 1],
    ["a second elastic address", ["associate", "shop", "web"], "MACHINE_WRONG_STATE", /it is at www already/, 1],
    ["the object store's name", ["launch", "objects"], "MACHINE_NAME_INVALID", /"objects"/, 2],
    ["the laptop's name", ["launch", "laptop"], "MACHINE_NAME_INVALID", /"laptop"/, 2],
    [
      "the other way round",
      ["associate", "web", "www"],
      "USAGE",
      /the other way round: SSH_TRUST_LAB=beside npm run cloud -- associate www web/,
      2,
    ],
    ["a service's name", ["launch", "www"], "NAME_TAKEN", /"www" is the name of a service/, 1],
    [
      "to serve under a machine's name",
      ["launch", "x", "--signed", "--serves", "web"],
      "NAME_TAKEN",
      /"web" is the name of a machine/,
      1,
    ],
    ["to serve under its own name", ["launch", "x", "--signed", "--serves", "x"], "NAME_TAKEN", /"x"/, 1],
    ["to serve without a certificate", ["launch", "x", "--serves", "shop"], "USAGE", /--serves without --signed/, 2],
    ["to terminate one that is there and one that is not", ["terminate", "idle", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an elastic address with a machine's name", ["associate", "idle", "web"], "NAME_TAKEN", /"idle"/, 1],
    ["a name that every object has", ["stop", "constructor"], "MACHINE_UNKNOWN", /"constructor"/, 1],
    ["a foreign address", ["launch", "x", "--address", "127.0.0.1"], "ADDRESS_INVALID", /127\.0\.0\.1/, 2],
    ["the gateway's address", ["launch", "x", "--address", gateway], "ADDRESS_INVALID", gateway, 2],
    ["no address at all", ["launch", "x", "--address", "web"], "ADDRESS_INVALID", /web/, 2],
  ] as const)(
    "%s",
    async (_what, args, code, names, status) => {
      expectError(await cloud(...args), code, names, status);
      expect(await list()).toEqual(before);
    },
    30_000,
  );

  test("an address in use, at a launch and at a start, by whom", async () => {
    const address = (await machine("web"))?.address ?? "";
    expectError(await cloud("launch", "x", "--address", address), "ADDRESS_IN_USE", new RegExp(`${address}.*cloud-web`));
    expectError(await cloud("start", "idle", "--address", address), "ADDRESS_IN_USE", new RegExp(`${address}.*cloud-web`));
    expect((await docker("inspect", at("x"))).exit).not.toBe(0);
    // It can still be started.
    await succeeds(cloud("start", "idle"));
    await succeeds(cloud("stop", "idle"));
  }, 60_000);

  test("starting a terminated machine: it is said when it went, and that its disk is gone", async () => {
    await cloud("launch", "gone");
    await cloud("terminate", "gone");
    for (const verb of ["start", "reboot", "terminate"]) {
      expectError(
        await cloud(verb, "gone"),
        "MACHINE_WRONG_STATE",
        new RegExp(`cannot ${verb} "gone": it is terminated since \\d{4}-.*disk is gone[\\s\\S]*launch gone`),
      );
    }
  }, 60_000);

  test("a container that only has a machine's name is not one, and is left alone", async () => {
    await docker("create", "--name", at("stranger"), labNames.image("sshd"));
    try {
      expectError(await cloud("launch", "stranger"), "CONTAINER_NAME_TAKEN", at("stranger"));
      expectError(await cloud("terminate", "stranger"), "MACHINE_UNKNOWN", "stranger");
      expect((await docker("inspect", at("stranger"))).exit).toBe(0);
    } finally {
      await docker("rm", "-f", at("stranger"));
    }
  }, 60_000);
});

describe("a machine", () => {
  test("is on the lab's networks only: no port of this machine leads to it", async () => {
    const { stdout } = await docker("inspect", "-f", "{{json .HostConfig.PortBindings}} {{json .HostConfig.CapDrop}}", at("web"));
    expect(stdout).toMatch(/^(null|\{\}) \["ALL"\]$/);
  });

  test("keeps its keys over reboot and stop, and gets another address after stop", async () => {
    const before = { key: await hostKey("web"), address: (await machine("web"))?.address };
    await succeeds(cloud("reboot", "web"));
    expect({ key: await hostKey("web"), address: (await machine("web"))?.address }).toEqual(before);
    await succeeds(cloud("stop", "web"));
    expect(await machine("web")).toMatchObject({ state: "stopped" });
    await succeeds(cloud("start", "web"));
    expect(await hostKey("web")).toBe(before.key);
    expect((await machine("web"))?.address).not.toBe(before.address);
    expect((await machine("web"))?.elastic?.name).toBe("www"); // the elastic one stays with it
  }, 60_000);

  test("prints its fingerprints to the console at its first boot, and only then", async () => {
    const { stdout } = await cloud("console", "web");
    expect(stdout.match(/-----BEGIN SSH HOST KEY FINGERPRINTS-----/g)).toHaveLength(1);
    const [, block = ""] =
      /-----BEGIN SSH HOST KEY FINGERPRINTS-----\n([\s\S]*)-----END SSH HOST KEY FINGERPRINTS-----/.exec(stdout) ?? [];
    expect(block.trim().split("\n")).toHaveLength(3);
  });

  test("has a token that signs its own names, and can nothing else", async () => {
    const ask = async (path: string, body: string) =>
      (
        await docker(
          "exec",
          at("web"),
          "sh",
          "-c",
          `printf 'X-Vault-Token: %s' "$(cat /run/secrets/vault-token)" | curl -s -H @- "$VAULT_ADDR/v1/${path}" ${body === "" ? "" : `-d '${body}'`}`,
        )
      ).stdout;
    const key = (await hostKey("web")).split(" ").slice(0, 2).join(" ");
    const sign = (principals: string, more = "") =>
      ask("host-ssh/sign/cloud-host", `{"cert_type":"host","valid_principals":"${principals}","public_key":"${key}"${more}}`);
    expect(await sign("web.lab.test")).toContain("signed_key");
    expect(await sign("web.lab.test,www.lab.test")).toContain("signed_key");
    for (const others of ["blue.lab.test", "localhost", "*", "*.lab.test", "x.web.lab.test", "web.lab.test,blue.lab.test", ""]) {
      expect({ others, answer: await sign(others) }).toEqual({ others, answer: expect.not.stringContaining("signed_key") });
    }
    expect(await sign("web.lab.test", ',"extensions":{"permit-pty":""}')).not.toContain("signed_key");
    for (const path of [
      "sys/mounts",
      "host-ssh/config/ca",
      `identity/entity/name/${identityOf(labNames, "web")}`,
      "auth/token/lookup-self",
    ]) {
      expect({ path, answer: await ask(path, "") }).toEqual({
        path,
        answer: expect.stringMatching(/permission denied|"errors"/),
      });
    }
    expect(
      await ask("host-ssh/sign/host-ssh", `{"cert_type":"host","valid_principals":"localhost","public_key":"${key}"}`),
    ).toContain("permission denied");
    expect(await ask("user-ssh/sign/user-ssh", `{"public_key":"${key}","valid_principals":"admin-ssh-user"}`)).toContain(
      "permission denied",
    );
  }, 60_000);

  test("terminated, its identity signs nothing any more", async () => {
    await succeeds(cloud("launch", "short", "--signed"));
    const token = (await docker("exec", at("short"), "cat", "/run/secrets/vault-token")).stdout;
    const key = (await hostKey("short")).split(" ").slice(0, 2).join(" ");
    const sign = async () => {
      const answer = await fetch(`${lab.vault.address}/v1/host-ssh/sign/cloud-host`, {
        method: "POST",
        headers: { "X-Vault-Token": token },
        body: JSON.stringify({ cert_type: "host", valid_principals: "short.lab.test", public_key: key }),
      });
      return { ok: answer.ok, text: await answer.text() };
    };
    expect(await sign()).toMatchObject({ ok: true, text: expect.stringContaining("signed_key") });
    await succeeds(cloud("terminate", "short"));
    expect(await sign()).toMatchObject({ ok: false, text: expect.not.stringContaining("signed_key") });
    // Nor does it come back to life with the next machine of that name, however that came to be.
    await succeeds(cloud("launch", "short", "--signed"));
    expect(await sign()).toMatchObject({ ok: false });
    await cloud("terminate", "short");
  }, 60_000);

  test("somebody else's entity of that name is left alone", async () => {
    const entity = (method: string, body?: unknown) =>
      fetch(`${lab.vault.address}/v1/identity/entity/name/${identityOf(labNames, "foreign")}`, {
        method,
        headers: { "X-Vault-Token": "root-token" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await entity("POST", { metadata: { owner: "somebody else" } });
    expectError(
      await cloud("launch", "foreign", "--signed"),
      "VAULT_NOT_OURS",
      new RegExp(`hint: .*vault delete identity/entity/name/${identityOf(labNames, "foreign")}`),
    );
    expect(await (await entity("GET")).text()).toContain("somebody else");
    expect((await docker("inspect", at("foreign"))).exit).not.toBe(0);
    await entity("DELETE");
  }, 60_000);

  test("renews its token whenever its keys are signed again", async () => {
    const ttl = async () => {
      const token = (await docker("exec", at("web"), "cat", "/run/secrets/vault-token")).stdout;
      const answer = await fetch(`${lab.vault.address}/v1/auth/token/lookup`, {
        method: "POST",
        headers: { "X-Vault-Token": "root-token" },
        body: JSON.stringify({ token }),
      });
      return ((await answer.json()) as { data: { ttl: number } }).data.ttl;
    };
    await until("some of the token's life to pass", 30, async () => (await ttl()) < 86_380);
    const before = await ttl();
    expect((await docker("exec", at("web"), "ssh-trust-host", "once")).exit).toBe(0);
    expect(await ttl()).toBeGreaterThan(before);
  }, 60_000);

  test("its password is shown once, and is in no file, argument or environment of it", async () => {
    const { stdout } = await cloud("launch", "pw", "--password");
    const [, password = ""] = /^password of admin-ssh-user: (\S{12})$/m.exec(stdout) ?? [];
    expect(password).not.toBe("");
    const found = await docker(
      "exec",
      at("pw"),
      "sh",
      "-c",
      `grep -rsl -- '${password}' /etc /var /home /run /root; env | grep -c -- '${password}'`,
    );
    expect(found.stdout.trim()).toBe("0");
    expect((await docker("inspect", at("pw"))).stdout).not.toContain(password);
    expect((await cloud("console", "pw")).all).not.toContain(password);
    await cloud("terminate", "pw");
  }, 60_000);

  test("two launched at the same moment under one name: one is, the other is refused", async () => {
    const both = await Promise.all([cloud("launch", "twin"), cloud("launch", "twin")]);
    expect(both.map(({ exit }) => exit).sort()).toEqual([0, 1]);
    expect(both.find(({ exit }) => exit === 1)?.all).toMatch(/\[(CONTAINER_NAME_TAKEN|MACHINE_EXISTS)\]/);
    expect(await machine("twin")).toMatchObject({ state: "running" });
    await cloud("terminate", "twin");
  }, 60_000);

  test("two launched at the same moment get two addresses", async () => {
    const both = await Promise.all([cloud("launch", "one"), cloud("launch", "two")]);
    expect(both.map(({ exit, all }) => ({ exit, all }))).toEqual(both.map(({ all }) => ({ exit: 0, all })));
    const [one, two] = [await machine("one"), await machine("two")];
    expect(one?.address).toBeDefined();
    expect(one?.address).not.toBe(two?.address);
    await cloud("terminate", "one", "two");
  }, 60_000);

  test("a launch that is killed leaves a machine that can be ended, or none; and no identity that signs", async () => {
    const entity = async () =>
      (
        await fetch(`${lab.vault.address}/v1/identity/entity/name/${identityOf(labNames, "torn")}`, {
          headers: { "X-Vault-Token": "root-token" },
        })
      ).status;
    const state = async () => (await docker("inspect", "--format", "{{.State.Status}}", at("torn"))).stdout;
    const moments: readonly (readonly [what: string, condition: () => Promise<boolean>])[] = [
      ["its identity is there", async () => (await entity()) === 200],
      ["its container is there", async () => (await state()) !== ""],
      ["it runs", async () => (await state()) === "running"],
    ];
    for (const [, condition] of moments) {
      await killedHalfWay({
        name: "cloud",
        args: ["launch", "torn", "--signed"],
        ready: () => cloud("terminate", "torn"),
        when: condition,
      });
      const there = (await docker("inspect", at("torn"))).exit === 0;
      expect((await machine("torn")) !== undefined).toBe(there);
      expect(JSON.parse(await readFile(ledger, "utf8"))).toMatchObject({ schema: 1 });
      if (there) await succeeds(cloud("terminate", "torn"));
    }
    await succeeds(cloud("launch", "torn", "--signed"));
    await succeeds(cloud("terminate", "torn"));
    expect(await entity()).toBe(404);
  }, 120_000);

  test("a ledger that is lost or damaged loses no machine", async () => {
    const known = async () => (await list()).map(({ name, address, state }) => ({ name, address, state }));
    const before = await known();
    await run("sh", ["-c", `printf '{"schema":1,' > ${ledger}`]);
    // A damaged one is told before anything is changed, and the hint mends it.
    for (const args of [["launch", "after"], ["terminate", "web"], ["associate", "www", "idle"], ["list"]]) {
      expectError(
        await cloud(...args),
        "LEDGER_DAMAGED",
        /cloud\.json cannot be read: it is not JSON[\s\S]*hint: .*: rm \S+cloud\.json/,
      );
    }
    expectError(await task("reset-cloud"), "LEDGER_DAMAGED", /cloud\.json/);
    expect((await task("status")).stdout).toMatch(/unknown: the small cloud's ledger .* cannot be read/);
    expect(await known()).toEqual(before);
    await run("rm", [ledger]);
    expect(await known()).toEqual(before);
    await succeeds(cloud("launch", "after"));
    const addresses = (await list()).flatMap(({ address }) => address ?? []);
    expect(new Set(addresses).size).toBe(addresses.length);
    await cloud("terminate", "after");
    await succeeds(cloud("associate", "www", "web"));
  }, 120_000);
});

test("its list says whose host keys are signed, whose should be and are not, and whose are plain", async () => {
  const column = async () => {
    const { stdout } = await cloud("list");
    const cells = stdout.split("\n").map((line) => line.split(/ {2,}/));
    return Object.fromEntries(cells.slice(0, 3).map(([name = "", , , hostKeys = ""]) => [name, hostKeys]));
  };
  expect(await column()).toEqual({ MACHINE: "HOST KEYS", idle: "plain", web: "signed" });
  await docker("exec", at("web"), "rm", "/etc/ssh/ssh_host_ed25519_key-cert.pub");
  expect(await column()).toMatchObject({ web: "not signed" });
  expect((await docker("exec", at("web"), "ssh-trust-host", "once")).exit).toBe(0);
  expect(await column()).toMatchObject({ web: "signed" });
}, 60_000);

test("a name that a certificate holds is no machine's, before the service has an address too", async () => {
  await succeeds(cloud("launch", "front", "--signed", "--serves", "shop"));
  expectError(await cloud("launch", "shop", "--signed"), "NAME_TAKEN", /"shop" is the name of a service/);
  await succeeds(cloud("associate", "shop", "front"));
  expect((await cloud("terminate", "front")).all).toMatch(/shop\.lab\.test leads nowhere; .* associate shop <machine>/);
  expect((await cloud("list")).stdout).toMatch(
    new RegExp(`^shop +${labNames.elastic.subnet.replace("0/24", "\\d+")} +nowhere `, "m"),
  );
}, 60_000);

test("a new laptop has a new key: it says which machines do not let it in", async () => {
  await succeeds(task("stop-laptop"));
  expect((await task("start-laptop")).all).toMatch(/the machines idle, web let in the key of the laptop before/);
  expect((await task("start-laptop")).all).not.toContain("the laptop before");
}, 60_000);

test("what the cloud wrote is below the lab's folder", async () => {
  const written = JSON.parse(await readFile(ledger, "utf8")) as Record<string, unknown>;
  expect(Object.keys(written).sort()).toEqual(["elastic", "handedOut", "schema", "terminated"]);
});
