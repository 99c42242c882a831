/** The machines of the small cloud: what must be refused, and what must survive. The chapters show the rest. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Machine } from "../../lab/cloud/machines.js";
import { at, cloud, expectError, lab, list, machine, smallCloud } from "../support/cloud.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, killedHalfWay, labNames, run, sshTrustFile, succeeds } from "../support/project.js";
import { fleetFileOf } from "../../lab/fleet/fleet.js";

/** The first address of the network of machines. */
const gateway = labNames.cloud.subnet.replace(/0\/24$/, "1");

const hostKey = async (name: string) => (await docker("exec", at(name), "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).stdout;

/** Vault as its operator asks it. */
const vault = (method: string, path: string, body?: unknown) =>
  fetch(`${lab.vault.address}/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": "root-token" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** What a machine signs in with, as its disk has it. */
async function secretsOf(name: string): Promise<Secrets> {
  const read = async (file: string) => (await docker("exec", at(name), "cat", `/etc/ssh-trust/${file}`)).stdout;
  return { role_id: await read("role-id"), secret_id: await read("secret-id") };
}
type Secrets = Readonly<Record<"role_id" | "secret_id", string>>;

const post = async (path: string, token: string, body: unknown) => {
  const headers = token === "" ? undefined : { "X-Vault-Token": token };
  const answer = await fetch(`${lab.vault.address}/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    ...(headers && { headers }),
  });
  return (await answer.json()) as { auth?: { client_token: string }; data?: { signed_key?: string } };
};

/** A token of whoever has a machine's disk; undefined where Vault does not take it. */
const signIn = async (secrets: Secrets) => (await post("auth/ssh-trust/hosts/lab.test/login", "", secrets)).auth?.client_token;

/** Whether it has an identity with Vault, and whether it has said there what it is: 200 or 404. */
const identity = async (name: string) => (await vault("GET", `auth/ssh-trust/hosts/lab.test/role/${name}/role-id`)).status;

const entry = async (name: string) => (await vault("GET", `ssh-trust/metadata/hosts/${name}.lab.test`)).status;

const ledger = join(lab.settings.labDir, "cloud.json");

beforeAll(smallCloud, 240_000);

afterAll(async () => {
  await task("reset-cloud");
}, 180_000);

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
    ["a disk of nobody's", ["launch", "x", "--disk-of", "y"], "MACHINE_UNKNOWN", /"y"/, 1],
    ["a name that is none", ["launch", "Web.Lab"], "MACHINE_NAME_INVALID", /"Web\.Lab"/, 2],
    ["a name like an option", ["launch", "--", "-rf"], "MACHINE_NAME_INVALID", /"-rf"/, 2],
    ["two names in one", ["launch", "a,b"], "MACHINE_NAME_INVALID", /"a,b"/, 2],
    ["a wildcard for a name", ["launch", "*", "--signed"], "MACHINE_NAME_INVALID", /"\*" cannot be the name of a machine/, 2],
    [
      "to be signed under a name that no group has",
      ["launch", "x", "--signed"],
      "HOST_IN_NO_GROUP",
      /no group of hosts has the name x\.lab\.test \(web: web\.lab\.test, .*guests: .*[\s\S]*hint: .*apply-fleet/,
      1,
    ],
    ["a group's pattern without what its star stands for", ["launch", "web-", "--signed"], "MACHINE_NAME_INVALID", /"web-"/, 2],
    ["to be signed as the service of a group", ["launch", "www", "--signed"], "NAME_TAKEN", /"www" is the name of a service/, 1],
    ["to choose a service for itself", ["launch", "web-2", "--signed", "--serves", "shop"], "USAGE", /--serves/, 2],
    ["one that exists", ["launch", "web"], "MACHINE_EXISTS", /"web" already exists \(running\)/, 1],
    ["one that exists and is stopped", ["launch", "idle"], "MACHINE_EXISTS", /"idle" already exists \(stopped\)/, 1],
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
    const launched = await cloud("launch", "guest-x", "--signed", "--address", address);
    expectError(launched, "ADDRESS_IN_USE", new RegExp(`${address}.*cloud-web`));
    expectError(await cloud("start", "idle", "--address", address), "ADDRESS_IN_USE", new RegExp(`${address}.*cloud-web`));
    expect((await docker("inspect", at("guest-x"))).exit).not.toBe(0);
    expect(await identity("guest-x")).toBe(404);
    // It can still be started.
    await succeeds(cloud("start", "idle"));
    await succeeds(cloud("stop", "idle"));
  }, 180_000);

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
  }, 180_000);

  test("a container that only has a machine's name is not one, and is left alone", async () => {
    await docker("create", "--name", at("stranger"), labNames.image("sshd"));
    try {
      expectError(await cloud("launch", "stranger"), "CONTAINER_NAME_TAKEN", at("stranger"));
      expectError(await cloud("terminate", "stranger"), "MACHINE_UNKNOWN", "stranger");
      expect((await docker("inspect", at("stranger"))).exit).toBe(0);
    } finally {
      await docker("rm", "-f", at("stranger"));
    }
  }, 180_000);
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
  }, 180_000);

  test("prints its fingerprints to the console at its first boot, and only then", async () => {
    const { stdout } = await cloud("console", "web");
    expect(stdout.match(/-----BEGIN SSH HOST KEY FINGERPRINTS-----/g)).toHaveLength(1);
    const [, block = ""] =
      /-----BEGIN SSH HOST KEY FINGERPRINTS-----\n([\s\S]*)-----END SSH HOST KEY FINGERPRINTS-----/.exec(stdout) ?? [];
    expect(block.trim().split("\n")).toHaveLength(3);
  });

  describe("whose identity ended: neither its token nor its disk is worth anything at once", () => {
    const name = "guest-short";
    const signs = async (token: string) => {
      const key = (await hostKey("web")).split(" ").slice(0, 2).join(" ");
      const asked = { cert_type: "host", valid_principals: `${name}.lab.test`, public_key: key };
      return (await post("cloud-host-ssh/sign/guests", token, asked)).data?.signed_key !== undefined;
    };
    const launched = async () => {
      await succeeds(cloud("launch", name, "--signed"));
      const secrets = await secretsOf(name);
      const token = (await signIn(secrets)) ?? "";
      expect(await signs(token)).toBe(true);
      return { secrets, token };
    };
    const expectWorthless = async ({ secrets, token }: { readonly secrets: Secrets; readonly token: string }) => {
      expect(await signs(token)).toBe(false);
      expect(await signIn(secrets)).toBeUndefined();
    };
    let second: Awaited<ReturnType<typeof launched>>;
    afterAll(() => cloud("terminate", name), 30_000);

    test("terminated, and launched again", async () => {
      const first = await launched();
      expect(await entry(name)).toBe(200);
      await succeeds(cloud("terminate", name));
      await expectWorthless(first);
      expect([await identity(name), await entry(name)]).toEqual([404, 404]);
      const aliases = (await (await vault("LIST", "identity/entity-alias/id")).json()) as {
        data: { key_info: Record<string, { metadata?: { role_name?: string } }> };
      };
      expect(Object.values(aliases.data.key_info).map(({ metadata }) => metadata?.role_name)).not.toContain(name);
      // Nor does it come back to life with the next machine of that name.
      second = await launched();
      await expectWorthless(first);
    }, 180_000);

    test("gone without a word, and launched again", async () => {
      expect(await signs(second.token)).toBe(true); // nobody told Vault yet
      await docker("rm", "-f", at(name));
      await launched();
      await expectWorthless(second);
    }, 180_000);
  });

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
  }, 180_000);

  test("two launched at the same moment under one name: one is, the other is refused", async () => {
    const both = await Promise.all([cloud("launch", "twin"), cloud("launch", "twin")]);
    expect(both.map(({ exit }) => exit).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(both.find(({ exit }) => exit === 1)?.all).toMatch(/\[(CONTAINER_NAME_TAKEN|MACHINE_EXISTS)\]/);
    expect(await machine("twin")).toMatchObject({ state: "running" });
    await cloud("terminate", "twin");
  }, 180_000);

  test("two launched at the same moment get two addresses", async () => {
    const both = await Promise.all([cloud("launch", "one"), cloud("launch", "two")]);
    expect(both.map(({ exit, all }) => ({ exit, all }))).toEqual(both.map(({ all }) => ({ exit: 0, all })));
    const [one, two] = [await machine("one"), await machine("two")];
    expect(one?.address).toBeDefined();
    expect(one?.address).not.toBe(two?.address);
    await cloud("terminate", "one", "two");
  }, 180_000);

  test("a launch that is killed leaves a machine that can be ended, or none; and no identity that signs", async () => {
    const state = async () => (await docker("inspect", "--format", "{{.State.Status}}", at("guest-torn"))).stdout;
    const moments: readonly (readonly [what: string, condition: () => Promise<boolean>])[] = [
      ["its identity is there", async () => (await identity("guest-torn")) === 200],
      ["it runs", async () => (await state()) === "running"],
    ];
    for (const [, condition] of moments) {
      await killedHalfWay({
        name: "cloud",
        args: ["launch", "guest-torn", "--signed"],
        ready: () => cloud("terminate", "guest-torn"),
        when: condition,
      });
      const there = (await docker("inspect", at("guest-torn"))).exit === 0;
      expect((await machine("guest-torn")) !== undefined).toBe(there);
      expect(JSON.parse(await readFile(ledger, "utf8"))).toMatchObject({ schema: 1 });
      if (there) await succeeds(cloud("terminate", "guest-torn"));
    }
    await succeeds(cloud("launch", "guest-torn", "--signed"));
    await succeeds(cloud("terminate", "guest-torn"));
    expect(await identity("guest-torn")).toBe(404);
  }, 300_000);

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
  }, 300_000);
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
}, 180_000);

describe("the fleet file, changed by its reader", () => {
  const file = fleetFileOf(lab.settings);
  let before: string;
  const alsoWww = "also: [www.lab.test";
  beforeAll(async () => {
    before = await readFile(file, "utf8");
    expect(before).toContain(alsoWww);
  });
  afterAll(async () => {
    await writeFile(file, before);
    await succeeds(task("apply-fleet"));
  }, 180_000);

  test("a name that certificates hold is no machine's, before the service has an address too", async () => {
    await writeFile(file, before.replace(alsoWww, `${alsoWww}, shop.lab.test`));
    for (const signed of [["--signed"], []])
      expectError(await cloud("launch", "shop", ...signed), "NAME_TAKEN", /"shop" is the name of a service/);
    // It is applied before the next machine is signed.
    const launched = await cloud("launch", "web-2", "--signed");
    expect(launched.all).toMatch(/cloud launch needs apply-fleet: .*[\s\S]*1 changed/);
    const certificate = await docker("exec", at("web-2"), "ssh-keygen", "-L", "-f", "/etc/ssh/ssh_host_ed25519_key-cert.pub");
    expect(certificate.stdout).toMatch(
      /Key ID: "web:[\s\S]*Principals: \s+shop\.lab\.test\s+web-2\.lab\.test\s+www\.lab\.test\s+Critical/,
    );
    await succeeds(cloud("associate", "shop", "web-2"));
    expect((await cloud("terminate", "web-2")).all).toMatch(/shop\.lab\.test leads nowhere; .* associate shop <machine>/);
    expect((await cloud("list")).stdout).toMatch(
      new RegExp(`^shop +${labNames.elastic.subnet.replace("0/24", "\\d+")} +nowhere `, "m"),
    );
  }, 180_000);

  test("the name of a machine that is there is no service's", async () => {
    await writeFile(file, before.replace(alsoWww, `${alsoWww}, idle.lab.test`));
    expectError(await cloud("launch", "web-2", "--signed"), "NAME_TAKEN", /"idle" is the name of a machine/);
    expect((await docker("inspect", at("web-2"))).exit).not.toBe(0);
    expect(await identity("web-2")).toBe(404);
  }, 180_000);

  test("with a mistake in it: nothing is launched or applied, and machines can still be ended", async () => {
    await succeeds(cloud("launch", "web-3"));
    await writeFile(file, before.replace(alsoWww, `also: ["*.lab.test"`));
    for (const command of [cloud("launch", "web-2", "--signed"), task("apply-fleet")]) {
      const { all, exit } = await command;
      expect(all).toMatch(
        /ssh-trust\.yaml has a mistake {2}\[FLEET_FILE_INVALID\]\n.*hosts\.web\.also\[0\]: "\*\.lab\.test" has a wildcard/,
      );
      expect(exit).toBe(1);
    }
    await succeeds(cloud("terminate", "web-3"));
  }, 180_000);

  test("for another server: it is not applied to this one", async () => {
    await writeFile(file, before.replace(/^vault: .*$/m, "vault: https://vault.example.org:8200"));
    const hint = new RegExp(`hint: write "vault: ${lab.vault.address}" in the file`);
    expectError(await task("apply-fleet"), "FLEET_OTHER_VAULT", hint);
  }, 180_000);
});

test("apply of the toolkit goes on from what the lab applied", async () => {
  const { all, exit } = await run(process.execPath, [sshTrustFile, "apply", "--file", fleetFileOf(lab.settings), "--plan"], {
    env: { VAULT_TOKEN: "root-token" },
  });
  expect({ all, exit }).toEqual({ all: expect.stringContaining("nothing to change"), exit: 0 });
}, 180_000);

test("a new laptop has a new key: it says which machines do not let it in", async () => {
  await succeeds(task("stop-laptop"));
  expect((await task("start-laptop")).all).toMatch(/the machines idle, web let in the previous laptop's key/);
  expect((await task("start-laptop")).all).not.toContain("previous laptop");
}, 180_000);

test("what the cloud wrote is below the lab's folder", async () => {
  const written = JSON.parse(await readFile(ledger, "utf8")) as Record<string, unknown>;
  expect(Object.keys(written).sort()).toEqual(["elastic", "handedOut", "schema", "terminated"]);
});
