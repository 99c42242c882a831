/** The small cloud, Eve and the object store: what must be refused, and what must survive. The chapters show the rest. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "node:https";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openLab } from "../../src/lab/lab.js";
import { objectStore, objectStoreCertificate } from "../../src/lab/object-store/server.js";
import { silent } from "../../src/progress.js";
import { readSettings } from "../../src/settings.js";
import { docker, root, run, task, until, type Ran } from "../support/project.js";

const lab = openLab(readSettings(), silent);
const cloud = (...args: string[]) => task("cloud", args);
const eve = (...args: string[]) => task("eve", args);
const onLaptop = (command: string) => docker("exec", "laptop", "bash", "-lc", command);

interface Machine {
  name: string;
  state: string;
  address?: string;
  elastic?: { name: string; address: string };
}
const list = async (): Promise<Machine[]> => JSON.parse((await cloud("list", "--format", "json")).stdout) as Machine[];
const machine = async (name: string) => (await list()).find((each) => each.name === name);
const hostKey = async (name: string) =>
  (await docker("exec", `cloud-${name}`, "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).stdout;

function expectError({ all, exit }: Ran, code: string, names: string | RegExp, status: 1 | 2 = 1): void {
  expect(all).toMatch(new RegExp(`ssh-trust: error: [\\s\\S]* {2}\\[${code}\\]\\nssh-trust: hint: .+`));
  expect(all).toMatch(names);
  expect(exit).toBe(status);
}

beforeAll(async () => {
  expect((await task("reset-cloud")).exit).toBe(0);
  for (const args of [["web", "--signed", "--serves", "www"], ["idle"]]) {
    expect((await cloud("launch", ...args)).exit).toBe(0);
  }
  expect((await cloud("stop", "idle")).exit).toBe(0);
  expect((await cloud("associate", "www", "web")).exit).toBe(0);
}, 240_000);

afterAll(async () => {
  await eve("stop");
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
    ["no name", ["launch"], "USAGE", /missing required argument/, 2],
    ["an unknown option", ["launch", "x", "--size", "9"], "USAGE", /--size/, 2],
    ["a name that is none", ["launch", "Web.Lab"], "MACHINE_NAME_INVALID", /"Web\.Lab"/, 2],
    ["a name like an option", ["launch", "--", "-rf"], "MACHINE_NAME_INVALID", /"-rf"/, 2],
    ["two names in one", ["launch", "a,b"], "MACHINE_NAME_INVALID", /"a,b"/, 2],
    ["a service that cannot be", ["launch", "x", "--serves", "*"], "MACHINE_NAME_INVALID", /"\*"/, 2],
    ["one that exists", ["launch", "web"], "MACHINE_EXISTS", /"web" already \(running\)/, 1],
    ["one that exists and is stopped", ["launch", "idle"], "MACHINE_EXISTS", /"idle" already \(stopped\)/, 1],
    ["an unknown machine: reboot", ["reboot", "ghost"], "MACHINE_UNKNOWN", /"ghost".*idle, web/, 1],
    ["an unknown machine: stop", ["stop", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: start", ["start", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: terminate", ["terminate", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: console", ["console", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["an unknown machine: associate", ["associate", "www", "ghost"], "MACHINE_UNKNOWN", /"ghost"/, 1],
    ["starting one that runs", ["start", "web"], "MACHINE_WRONG_STATE", /cannot be started: it is running/, 1],
    ["stopping one that is stopped", ["stop", "idle"], "MACHINE_WRONG_STATE", /cannot be stopped: it is stopped/, 1],
    ["rebooting one that is stopped", ["reboot", "idle"], "MACHINE_WRONG_STATE", /cannot be rebooted/, 1],
    ["an elastic address for one that is stopped", ["associate", "www", "idle"], "MACHINE_WRONG_STATE", /it is stopped/, 1],
    ["a second elastic address", ["associate", "shop", "web"], "MACHINE_WRONG_STATE", /it is at www already/, 1],
    ["the object store's name", ["launch", "objects"], "MACHINE_NAME_INVALID", /"objects"/, 2],
    ["a service's name", ["launch", "www"], "NAME_TAKEN", /"www" is the name of a service/, 1],
    [
      "to serve under a machine's name",
      ["launch", "x", "--signed", "--serves", "web"],
      "NAME_TAKEN",
      /"web" is the name of a machine/,
      1,
    ],
    ["to serve under its own name", ["launch", "x", "--serves", "x"], "NAME_TAKEN", /"x"/, 1],
    ["an elastic address with a machine's name", ["associate", "idle", "web"], "NAME_TAKEN", /"idle"/, 1],
    ["a name that every object has", ["stop", "constructor"], "MACHINE_UNKNOWN", /"constructor"/, 1],
    ["a foreign address", ["launch", "x", "--address", "127.0.0.1"], "ADDRESS_INVALID", /127\.0\.0\.1/, 2],
    ["the gateway's address", ["launch", "x", "--address", "10.203.113.1"], "ADDRESS_INVALID", /10\.203\.113\.1/, 2],
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
    expect((await docker("inspect", "cloud-x")).exit).not.toBe(0);
    // It can still be started.
    expect((await cloud("start", "idle")).exit).toBe(0);
    expect((await cloud("stop", "idle")).exit).toBe(0);
  }, 60_000);

  test("starting a terminated machine: it is said when it went, and that its disk is gone", async () => {
    await cloud("launch", "gone");
    await cloud("terminate", "gone");
    for (const verb of ["start", "reboot", "terminate"]) {
      expectError(
        await cloud(verb, "gone"),
        "MACHINE_WRONG_STATE",
        /it is terminated since \d{4}-.*disk is gone[\s\S]*launch gone/,
      );
    }
  }, 60_000);

  test("a container that only has a machine's name is not one, and is left alone", async () => {
    await docker("create", "--name", "cloud-stranger", "ssh-trust/sshd:latest");
    try {
      expectError(await cloud("launch", "stranger"), "CONTAINER_NAME_TAKEN", "cloud-stranger");
      expectError(await cloud("terminate", "stranger"), "MACHINE_UNKNOWN", "stranger");
      expect((await docker("inspect", "cloud-stranger")).exit).toBe(0);
    } finally {
      await docker("rm", "-f", "cloud-stranger");
    }
  }, 60_000);
});

describe("a machine", () => {
  test("is on the lab's networks only: no port of this machine leads to it", async () => {
    const { stdout } = await docker(
      "inspect",
      "-f",
      "{{json .HostConfig.PortBindings}} {{json .HostConfig.CapDrop}}",
      "cloud-web",
    );
    expect(stdout).toMatch(/^(null|\{\}) \["ALL"\]$/);
  });

  test("keeps its keys over reboot and stop, and gets another address after stop", async () => {
    const before = { key: await hostKey("web"), address: (await machine("web"))?.address };
    expect((await cloud("reboot", "web")).exit).toBe(0);
    expect({ key: await hostKey("web"), address: (await machine("web"))?.address }).toEqual(before);
    expect((await cloud("stop", "web")).exit).toBe(0);
    expect(await machine("web")).toMatchObject({ state: "stopped" });
    expect((await cloud("start", "web")).exit).toBe(0);
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
          "cloud-web",
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
      "identity/entity/name/ssh-trust-cloud-web",
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
    expect((await cloud("launch", "short", "--signed")).exit).toBe(0);
    const token = (await docker("exec", "cloud-short", "cat", "/run/secrets/vault-token")).stdout;
    const key = (await hostKey("short")).split(" ").slice(0, 2).join(" ");
    const sign = async () => {
      const answer = await fetch("http://localhost:8200/v1/host-ssh/sign/cloud-host", {
        method: "POST",
        headers: { "X-Vault-Token": token },
        body: JSON.stringify({ cert_type: "host", valid_principals: "short.lab.test", public_key: key }),
      });
      return { ok: answer.ok, text: await answer.text() };
    };
    expect(await sign()).toMatchObject({ ok: true, text: expect.stringContaining("signed_key") });
    expect((await cloud("terminate", "short")).exit).toBe(0);
    expect(await sign()).toMatchObject({ ok: false, text: expect.not.stringContaining("signed_key") });
    // Nor does it come back to life with the next machine of that name, however that came to be.
    expect((await cloud("launch", "short", "--signed")).exit).toBe(0);
    expect(await sign()).toMatchObject({ ok: false });
    await cloud("terminate", "short");
  }, 60_000);

  test("somebody else's entity of that name is left alone", async () => {
    const entity = (method: string, body?: unknown) =>
      fetch("http://localhost:8200/v1/identity/entity/name/ssh-trust-cloud-foreign", {
        method,
        headers: { "X-Vault-Token": "root-token" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await entity("POST", { metadata: { owner: "somebody else" } });
    expectError(await cloud("launch", "foreign", "--signed"), "VAULT_NOT_OURS", /ssh-trust-cloud-foreign/);
    expect(await (await entity("GET")).text()).toContain("somebody else");
    expect((await docker("inspect", "cloud-foreign")).exit).not.toBe(0);
    await entity("DELETE");
  }, 60_000);

  test("renews its token whenever its keys are signed again", async () => {
    const ttl = async () => {
      const token = (await docker("exec", "cloud-web", "cat", "/run/secrets/vault-token")).stdout;
      const answer = await fetch("http://localhost:8200/v1/auth/token/lookup", {
        method: "POST",
        headers: { "X-Vault-Token": "root-token" },
        body: JSON.stringify({ token }),
      });
      return ((await answer.json()) as { data: { ttl: number } }).data.ttl;
    };
    await until("some seconds of the token's life to pass", 20, async () => (await ttl()) < 86_395);
    expect((await docker("exec", "cloud-web", "ssh-trust-host", "once")).exit).toBe(0);
    expect(await ttl()).toBeGreaterThan(86_395);
  }, 60_000);

  test("its password is shown once, and is in no file, argument or environment of it", async () => {
    const { stdout } = await cloud("launch", "pw", "--password");
    const [, password = ""] = /^password of admin-ssh-user: (\S{12})$/m.exec(stdout) ?? [];
    expect(password).not.toBe("");
    const found = await docker(
      "exec",
      "cloud-pw",
      "sh",
      "-c",
      `grep -rsl -- '${password}' /etc /var /home /run /root; env | grep -c -- '${password}'`,
    );
    expect(found.stdout.trim()).toBe("0");
    expect((await docker("inspect", "cloud-pw")).stdout).not.toContain(password);
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

  test("a launch that is killed can be taken back, and the name used again", async () => {
    for (const after of [900, 1300, 1700, 2200]) {
      const killed = execa("npm", ["run", "cloud", "--", "launch", "torn"], {
        cwd: root,
        reject: false,
        timeout: after,
        killSignal: "SIGKILL",
      });
      await killed;
      await run("pkill", ["-9", "-f", "scripts/cloud.ts launch torn"]);
      const there = await docker("inspect", "cloud-torn");
      if (there.exit === 0) expect((await cloud("terminate", "torn")).exit).toBe(0);
    }
    expect((await cloud("launch", "torn")).exit).toBe(0);
    expect((await cloud("terminate", "torn")).exit).toBe(0);
  }, 120_000);

  test("a ledger that is lost or damaged loses no machine", async () => {
    const ledger = join(root, ".lab/cloud.json");
    const before = await list();
    await run("sh", ["-c", `printf '{"schema":1,' > ${ledger}`]);
    expect((await list()).map(({ name, address }) => ({ name, address }))).toEqual(
      before.map(({ name, address }) => ({ name, address })),
    );
    expect((await cloud("launch", "after")).exit).toBe(0);
    const addresses = (await list()).flatMap(({ address }) => address ?? []);
    expect(new Set(addresses).size).toBe(addresses.length);
    await cloud("terminate", "after");
    expect((await cloud("associate", "www", "web")).exit).toBe(0);
  }, 60_000);
});

describe("Eve", () => {
  test.each([
    [
      "somebody else's host",
      ["start", "github.com"],
      "EVE_TARGET_REFUSED",
      /"github\.com" is not a service of the lab's own cloud/,
      2,
    ],
    ["an address", ["start", "127.0.0.1"], "EVE_TARGET_REFUSED", /"127\.0\.0\.1"/, 2],
    ["a machine's name that is no service", ["start", "web"], "EVE_TARGET_REFUSED", /there are: www/, 2],
    ["a name that every object has", ["start", "constructor"], "EVE_TARGET_REFUSED", /"constructor"/, 2],
    ["nobody", ["start"], "USAGE", /missing required argument/, 2],
    ["to present something unknown", ["start", "www", "--present", "magic"], "USAGE", /own-key, own-ca/, 2],
    [
      "another host's certificate, without saying whose",
      ["start", "www", "--present", "other-host"],
      "USAGE",
      /belong together/,
      2,
    ],
    ["whose, without another host's certificate", ["start", "www", "--machine", "web"], "USAGE", /belong together/, 2],
    [
      "a machine that is not there",
      ["start", "www", "--present", "other-host", "--machine", "ghost"],
      "MACHINE_UNKNOWN",
      /ghost/,
      1,
    ],
    [
      "a machine without a certificate",
      ["start", "www", "--present", "other-host", "--machine", "idle"],
      "MACHINE_WRONG_STATE",
      /without one/,
      1,
    ],
  ] as const)(
    "refuses %s, and stands nowhere",
    async (_what, args, code, names, status) => {
      expectError(await eve(...args), code, names, status);
      expect((await docker("inspect", "eve")).exit).not.toBe(0);
      expect((await machine("web"))?.elastic?.name).toBe("www");
    },
    30_000,
  );

  test.each(["192.0.2.1", "10.203.113.1", "10.203.113.9.evil.example", "10.203.113.20@x", "", "10.203.1130.20", "-rf"])(
    "her program refuses %j, whoever starts it",
    async (target) => {
      const env = [`EVE_TARGET=${target}`, "EVE_PRESENTS=own-key", "EVE_NAME=x"].flatMap((each) => ["-e", each]);
      const { all, exit } = await docker("run", "--rm", ...env, "ssh-trust/eve:latest");
      expect(all).toContain(`${target} is not an address of the lab's machines`);
      expect(exit).toBe(1);
    },
    30_000,
  );

  test("killed before she stands, or while she goes: stopping her gives the address back", async () => {
    const killedWhen = async (args: readonly string[], condition: () => Promise<boolean>) => {
      const running = execa("node", ["--import", "tsx/esm", "scripts/eve.ts", ...args], { cwd: root, reject: false });
      await until(`eve ${args.join(" ")} half-way`, 20, condition);
      running.kill("SIGKILL");
      await running;
    };
    const leadsToWeb = async () => (await machine("web"))?.elastic?.name === "www";
    await killedWhen(["start", "www"], async () => !(await leadsToWeb()));
    expect((await eve("stop")).all).toContain("www.lab.test leads to web again");
    expect(await leadsToWeb()).toBe(true);
    expect((await eve("start", "www")).exit).toBe(0);
    await killedWhen(["stop"], async () => (await docker("inspect", "eve")).exit !== 0);
    expect((await eve("stop")).exit).toBe(0);
    expect(await leadsToWeb()).toBe(true);
  }, 120_000);

  test("another machine's certificate replaces the one she shows", async () => {
    for (const name of ["mallory", "trudy"]) expect((await cloud("launch", name, "--signed")).exit).toBe(0);
    const shown = async () => (await onLaptop("ssh -v -o BatchMode=yes admin-ssh-user@www.lab.test 2>&1")).stdout;
    for (const name of ["mallory", "trudy"]) {
      expect((await eve("start", "www", "--present", "other-host", "--machine", name)).all).toContain("stands there now");
      expect(await shown()).toContain(`ID "cloud-host:token-ssh-trust-cloud-${name}:`);
    }
    await eve("stop");
    await cloud("terminate", "mallory", "trudy");
  }, 120_000);

  test("started twice she stands there already; before another service, she is busy; stopped twice, she was nowhere", async () => {
    expect((await eve("start", "www")).all).toContain("stands there now");
    expect((await eve("start", "www")).all).toContain("stands there already");
    expect((await eve("start", "www", "--present", "own-ca")).all).toContain("stands there now");
    await cloud("launch", "other");
    await cloud("associate", "second", "other");
    expectError(await eve("start", "second"), "EVE_BUSY", /before www already/);
    // Her address is in use for as long.
    expectError(await cloud("associate", "www", "web"), "ADDRESS_IN_USE", /"eve"/);
    expect((await eve("stop")).all).toContain("www.lab.test leads to web again");
    const again = await eve("stop");
    expect(again.all).toContain("Eve was nowhere");
    expect(again.exit).toBe(0);
    expect((await machine("web"))?.elastic?.name).toBe("www");
    await cloud("terminate", "other");
  }, 120_000);

  test("her machine terminated under her: she goes, and nothing breaks", async () => {
    await cloud("launch", "victim");
    await cloud("associate", "prey", "victim");
    expect((await eve("start", "prey")).exit).toBe(0);
    expect((await cloud("terminate", "victim")).exit).toBe(0);
    expect((await eve("stop")).all).toContain("Eve is gone");
    expectError(await eve("start", "prey"), "EVE_TARGET_REFUSED", /prey/, 2);
  }, 60_000);

  test("removed by force, the address is given back by associating it", async () => {
    expect((await eve("start", "www")).exit).toBe(0);
    await docker("rm", "-f", "eve");
    expect((await eve("stop")).exit).toBe(0);
    expect((await cloud("associate", "www", "web")).exit).toBe(0);
    const ca = await (await fetch("http://localhost:8200/v1/host-ssh/public_key")).text();
    await onLaptop(`echo '@cert-authority *.lab.test ${ca.trim()}' > ~/.ssh/known_hosts`);
    expect(await onLaptop("ssh -o StrictHostKeyChecking=yes admin-ssh-user@www.lab.test whoami")).toMatchObject({
      stdout: "admin-ssh-user",
      stderr: "",
    });
  }, 60_000);
});

describe("published host keys", () => {
  const file = "/etc/ssh/ssh_known_hosts";
  const known = async () => (await docker("exec", "laptop", "cat", file)).stdout;
  const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDxD6gi+FNijA1n40q0xZy5t8YyPL/CeqX2HTzmLhKnR";

  /** PUTs to a ticket's URL as a machine does. @returns the HTTP status */
  const put = async (url: string, body: string): Promise<number> => {
    const ca = await objectStoreCertificate(lab);
    const agent = new Agent({
      ca,
      lookup: (_host, _options, done) => {
        done(null, [{ address: "127.0.0.1", family: 4 }]);
      },
    });
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: "PUT", agent }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  };

  beforeAll(async () => {
    expect((await cloud("launch", "pub", "--publish")).exit).toBe(0);
    expect((await task("collect-host-keys")).all).toMatch(/3 lines for 1 host /);
  }, 120_000);
  afterAll(async () => {
    await cloud("terminate", "pub");
  }, 30_000);

  test("a ticket writes its own object, and no other", async () => {
    const store = await objectStore(lab);
    const ticket = await store.ticket("idle");
    const others = ticket.replace("/host-keys/idle?", "/host-keys/pub?");
    expect(others).not.toBe(ticket);
    expect(await put(others, ed25519)).toBe(403);
    expect(await put(ticket.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=999999"), ed25519)).toBeGreaterThanOrEqual(400);
    expect(await put(ticket.split("?")[0] ?? "", ed25519)).toBe(403);
    expect(await store.list()).not.toContain("idle");
    expect(await put(ticket, ed25519)).toBe(200);
    expect(await store.read("idle")).toBe(ed25519);
    await store.remove("idle");
  }, 30_000);

  test("the machine does not keep its ticket", async () => {
    expect((await docker("exec", "cloud-pub", "ls", "/var/lib/cloud/seed")).stdout).not.toContain("publish-url");
  });

  test.each([
    ["nothing", ""],
    ["no key", "hello\n"],
    ["a line that trusts an authority for every host", `@cert-authority * ${ed25519}\n`],
    ["a key under another's name", `web.lab.test ${ed25519}\n`],
    ["two keys of one type", `${ed25519}\n${ed25519}\n`],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"],
    ["a key cut short", `${ed25519.slice(0, 60)}\n`],
    ["a carriage return and another line", `${ed25519}\r\n@cert-authority * ${ed25519}\n`],
  ])(
    "%s is not taken for host keys; the list stays as it was",
    async (_what, content) => {
      const store = await objectStore(lab);
      const before = await known();
      const good = (await store.read("pub")) ?? "";
      expect(await put(await store.ticket("pub"), content)).toBe(200);
      expectError(await task("collect-host-keys"), "PUBLISHED_KEYS_INVALID", /"pub"/);
      expect(await known()).toBe(before);
      expect(await put(await store.ticket("pub"), good)).toBe(200);
    },
    30_000,
  );

  test("an object of a machine that is not there is passed over; a terminated machine's goes", async () => {
    const store = await objectStore(lab);
    await put(await store.ticket("nobody"), ed25519);
    expect((await task("collect-host-keys")).all).toMatch(/3 lines for 1 host /);
    await store.remove("nobody");
    await cloud("launch", "brief", "--publish");
    expect(await store.list()).toContain("brief");
    await cloud("terminate", "brief");
    expect(await store.list()).not.toContain("brief");
  }, 60_000);

  test("with the store gone, that is said; with its own certificate only, it is trusted", async () => {
    expect((await task("stop-object-store")).exit).toBe(0);
    await expect(objectStore(lab)).rejects.toMatchObject({ code: "OBJECT_STORE_DOWN" });
    expect((await task("start-object-store")).exit).toBe(0);
    await expect(fetch("https://localhost:9000/")).rejects.toThrow();
    expect((await task("collect-host-keys")).all).toMatch(/nothing was published by: .*pub/);
  }, 60_000);

  test("neither the store's password nor a ticket is in the containers' settings or logs", async () => {
    const password = (await docker("exec", "object-store", "cat", "/run/secrets/object-store-password")).stdout;
    expect(password.length).toBeGreaterThan(20);
    for (const name of ["object-store", "cloud-pub"]) {
      const seen = (await docker("inspect", name)).all + (await docker("logs", name)).all;
      expect(seen).not.toContain(password);
      expect(seen).not.toContain("X-Amz-Signature");
    }
  });
});

test("what the cloud wrote is below .lab", async () => {
  const ledger = JSON.parse(await readFile(join(root, ".lab/cloud.json"), "utf8")) as Record<string, unknown>;
  expect(Object.keys(ledger).sort()).toEqual(["elastic", "handedOut", "schema", "terminated"]);
  await until("the laptop", 5, async () => (await docker("inspect", "laptop")).exit === 0);
});
