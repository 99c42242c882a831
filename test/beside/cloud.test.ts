/** The machines of the small cloud: what must be refused, and what must survive. The chapters show the rest. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Machine } from "../../lab/cloud/machines.js";
import { at, cloud, expectError, lab, list, machine, smallCloud } from "../support/cloud.js";
import { docker, killedHalfWay, labNames, run, sshTrustFile, succeeds, task, until } from "../support/project.js";
import { fleetFileOf } from "../../lab/fleet/fleet.js";

/** The first address of the network of machines. */
const gateway = labNames.cloud.subnet.replace(/0\/24$/, "1");

const hostKey = async (name: string) => (await docker("exec", at(name), "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).stdout;

/** What may be certified: a key without its comment. */
const publicKey = async (name: string) => (await hostKey(name)).split(" ").slice(0, 2).join(" ");

/** Vault as its operator asks it. */
const vault = (method: string, path: string, body?: unknown) =>
  fetch(`${lab.vault.address}/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": "root-token" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const tokenOf = async (name: string) => (await docker("exec", at(name), "cat", "/run/secrets/vault-token")).stdout;

/** Vault as whoever has a machine's token asks it. */
async function signWith(token: string, role: string, asked: Record<string, unknown>): Promise<boolean> {
  const answer = await fetch(`${lab.vault.address}/v1/cloud-host-ssh/sign/${role}`, {
    method: "POST",
    headers: { "X-Vault-Token": token },
    body: JSON.stringify({ cert_type: "host", ...asked }),
  });
  const signed = (await answer.text()).includes("signed_key");
  expect(signed).toBe(answer.ok);
  return signed;
}

const identity = async (name: string) => (await vault("GET", `auth/ssh-trust/hosts/lab.test/role/${name}/role-id`)).status;

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

  describe("has a token that signs its own names, and can nothing else", () => {
    let token: string;
    let key: string;
    beforeAll(async () => {
      [token, key] = [await tokenOf("web"), await publicKey("web")];
    });
    /** What the machine itself is answered. */
    const ask = async (path: string, body?: unknown) => {
      const data = body === undefined ? "" : `-d '${JSON.stringify(body)}'`;
      const curl = `printf 'X-Vault-Token: %s' "$(cat /run/secrets/vault-token)" | curl -s -w '%{http_code}' -H @- "$VAULT_ADDR/v1/${path}" ${data}`;
      return Number(/\d{3}$/.exec((await docker("exec", at("web"), "sh", "-c", curl)).stdout)?.[0]);
    };

    test("its own name, and its group's other names", async () => {
      for (const names of ["web.lab.test", "web.lab.test,www.lab.test", "www.lab.test"])
        expect({ names, signed: await signWith(token, "web", { valid_principals: names, public_key: key }) }).toEqual({
          names,
          signed: true,
        });
    });

    test.each([
      ["another machine of its group", "blue.lab.test"],
      ["its own name and another machine's", "web.lab.test,blue.lab.test"],
      ["a name of another group", "db.lab.test"],
      ["the tutorial's hosts", "localhost"],
      ["a name below its own", "x.web.lab.test"],
      ["a name that it begins", "web-1.lab.test"],
      ["its short name", "web"],
      ["the domain", "lab.test"],
      ["everything", "*"],
      ["everything in the domain", "*.lab.test"],
      ["everything of its group", "web*.lab.test"],
      ["capitals", "WEB.lab.test"],
      ["one capital, and the service", "Web.lab.test,www.lab.test"],
      ["a dot at the end", "web.lab.test."],
      ["an empty name", ""],
      ["a comma and nothing", ","],
    ])("not for %s: %j", async (_what, names) => {
      expect(await signWith(token, "web", { valid_principals: names, public_key: key })).toBe(false);
    });

    test("not for nobody at all, nor with extensions, a critical option, a key id, a longer life, nor for a user", async () => {
      expect(await signWith(token, "web", { public_key: key })).toBe(false);
      for (const more of [
        { extensions: { "permit-pty": "" } },
        { critical_options: { "source-address": "10.0.0.0/8" } },
        { key_id: "db:somebody" },
        { ttl: "48h" },
        { cert_type: "user" },
      ]) {
        const signed = await signWith(token, "web", { valid_principals: "web.lab.test", public_key: key, ...more });
        expect({ more, signed }).toEqual({ more, signed: false });
      }
    });

    test.each(["db", "guests"])("not with the role of %s, for no name", async (role) => {
      for (const names of ["web.lab.test", "www.lab.test", "db.lab.test", "mallory.lab.test"])
        expect(await signWith(token, role, { valid_principals: names, public_key: key })).toBe(false);
    });

    test("nor by the tutorial's CAs, nor by that of its own fleet's people", async () => {
      const users = { public_key: key, valid_principals: "admin-ssh-user" };
      expect(await ask("host-ssh/sign/host-ssh", { cert_type: "host", valid_principals: "localhost", public_key: key })).toBe(
        403,
      );
      expect(await ask("user-ssh/sign/user-ssh", users)).toBe(403);
      expect(await ask("cloud-user-ssh/sign/dba-db", { ...users, valid_principals: "admin-ssh-user@db" })).toBe(403);
    });

    test("it writes its own entry, and neither its neighbour's nor the fleet's; it reads none", async () => {
      const entry = { data: { by: "web" } };
      expect(await ask("ssh-trust/data/hosts/web.lab.test", entry)).toBe(200);
      const others = ["hosts/blue.lab.test", "hosts/web.lab.test.blue", "hosts/db.lab.test", "hosts/*.lab.test", "fleet", "x"];
      for (const other of others)
        expect({ other, status: await ask(`ssh-trust/data/${other}`, entry) }).toEqual({ other, status: 403 });
      for (const path of ["data/hosts/web.lab.test", "data/hosts/blue.lab.test", "data/fleet", "metadata/hosts?list=true"])
        expect({ path, status: await ask(`ssh-trust/${path}`) }).toEqual({ path, status: 403 });
      await vault("DELETE", "ssh-trust/metadata/hosts/web.lab.test");
    }, 30_000);

    test.each([
      "sys/mounts",
      "sys/auth",
      "sys/policies/acl/ssh-trust-host-web",
      "cloud-host-ssh/roles/web",
      "auth/ssh-trust/hosts/lab.test/role/web",
      "auth/ssh-trust/hosts/lab.test/role/web/role-id",
      "auth/ssh-trust/hosts/lab.test/role?list=true",
      "identity/entity/id?list=true",
    ])("it may not read %s", async (path) => {
      expect(await ask(path)).toBe(403);
    });

    test.each([
      ["cloud-host-ssh/config/ca", { generate_signing_key: true }],
      ["cloud-host-ssh/roles/web", { allowed_domains: "*" }],
      ["auth/ssh-trust/hosts/lab.test/role/web", { token_policies: "root" }],
      ["auth/ssh-trust/hosts/lab.test/role/blue", { token_policies: "ssh-trust-host-web" }],
      ["auth/ssh-trust/hosts/lab.test/role/blue/secret-id", {}],
      ["auth/token/create", { policies: ["root"] }],
    ])("it may not write %s", async (path, body) => {
      expect(await ask(path, body)).toBe(403);
    });
  });

  describe("whose identity ended: its token signs nothing at once", () => {
    const signs = async (token: string) =>
      signWith(token, "guests", { valid_principals: "guest-short.lab.test", public_key: await publicKey("web") });
    const launched = async () => {
      await succeeds(cloud("launch", "guest-short", "--signed"));
      const token = await tokenOf("guest-short");
      expect(await signs(token)).toBe(true);
      return token;
    };
    afterAll(() => cloud("terminate", "guest-short"), 30_000);

    test("terminated, and launched again", async () => {
      const first = await launched();
      await succeeds(cloud("terminate", "guest-short"));
      expect(await signs(first)).toBe(false);
      expect(await identity("guest-short")).toBe(404);
      // Nor does it come back to life with the next machine of that name.
      const second = await launched();
      expect(await signs(first)).toBe(false);
      expect(await signs(second)).toBe(true);
    }, 60_000);

    test("gone without a word, and launched again", async () => {
      const before = await tokenOf("guest-short");
      expect(await signs(before)).toBe(true); // nobody told Vault yet
      await docker("rm", "-f", at("guest-short"));
      const after = await launched();
      expect(await signs(before)).toBe(false);
      expect(await signs(after)).toBe(true);
    }, 60_000);

    test("emptied with the cloud", async () => {
      const token = await tokenOf("guest-short");
      await succeeds(cloud("terminate", "guest-short"));
      const entities = await vault("LIST", "identity/entity-alias/id");
      const { data } = (await entities.json()) as { data: { key_info: Record<string, { metadata?: { role_name?: string } }> } };
      const names = Object.values(data.key_info).map(({ metadata }) => metadata?.role_name);
      expect(names).not.toContain("guest-short");
      expect(await signs(token)).toBe(false);
    }, 60_000);
  });

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
    const state = async () => (await docker("inspect", "--format", "{{.State.Status}}", at("guest-torn"))).stdout;
    const moments: readonly (readonly [what: string, condition: () => Promise<boolean>])[] = [
      ["its identity is there", async () => (await identity("guest-torn")) === 200],
      ["its container is there", async () => (await state()) !== ""],
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
  }, 60_000);

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
  }, 90_000);

  test("the name of a machine that is there is no service's", async () => {
    await writeFile(file, before.replace(alsoWww, `${alsoWww}, idle.lab.test`));
    expectError(await cloud("launch", "web-2", "--signed"), "NAME_TAKEN", /"idle" is the name of a machine/);
    expect((await docker("inspect", at("web-2"))).exit).not.toBe(0);
    expect(await identity("web-2")).toBe(404);
  }, 60_000);

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
  }, 60_000);

  test("for another server: it is not applied to this one", async () => {
    await writeFile(file, before.replace(/^vault: .*$/m, "vault: https://vault.example.org:8200"));
    const hint = new RegExp(`hint: write "vault: ${lab.vault.address}" in the file`);
    expectError(await task("apply-fleet"), "FLEET_OTHER_VAULT", hint);
  }, 30_000);
});

test("apply of the toolkit goes on from what the lab applied", async () => {
  const { all, exit } = await run(process.execPath, [sshTrustFile, "apply", "--file", fleetFileOf(lab.settings), "--plan"], {
    env: { VAULT_TOKEN: "root-token" },
  });
  expect({ all, exit }).toEqual({ all: expect.stringContaining("nothing to change"), exit: 0 });
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
