/** The agent that makes a certificate for each login, on both servers, with real hosts and real clients. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { agentOf, type RunningAgent } from "../support/agent.js";
import { setMembers, text } from "../support/applied-fleet.js";
import { entryOf, loginFleets, type LoginFleet } from "../support/login-fleet.js";
import type { OwnSshd } from "../support/own-sshd.js";
import { run, succeeds, until, type Ran } from "../support/project.js";
import { freePort, serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

const fleetAt = loginFleets();

const web = "deploy@web-1.example.org";
const jump = "ops@jump-1.example.org";
const gate = "ops@gate-1.example.org";

describe.each(serverKinds)("%s", (kind) => {
  let fleet: LoginFleet;
  let agent: RunningAgent;
  /** What accounts of hosts may read and write. */
  let shared: string;
  /** For ssh: where db-1 is. */
  let toDb: readonly string[];
  const opened: OwnSshd[] = [];
  const file = (name: string) => join(fleet.folder.folder, name);
  const onOne = kind === "OpenBao" ? describe : undefined;
  const logsIn = async (to = web, ...options: readonly string[]) => {
    const { exit, all } = await agent.ssh(to, "id -un", ...options);
    expect({ exit, all }).toEqual({ exit: 0, all: to.split("@")[0] });
  };
  const isRefused = async (to: string, says: string | RegExp, ...options: readonly string[]) => {
    await agent.decided();
    const { exit, stdout, all } = await agent.ssh(to, "id -un", ...options);
    const decided = await agent.decided();
    expect({ exit, stdout, all, decided }).toEqual({
      exit: 255,
      stdout: "",
      all: expect.stringContaining("Permission denied (publickey)"),
      decided: expect.stringMatching(says),
    });
  };

  beforeAll(async () => {
    fleet = fleetAt(kind);
    agent = await agentOf(fleet);
    shared = await mkdtemp(join(tmpdir(), "ssh-trust-shared-"));
    await chmod(shared, 0o777);
  }, 180_000);
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    for (const each of opened) await each[Symbol.asyncDispose]();
    await rm(shared, { recursive: true, force: true });
  });

  test("plain ssh logs in, with a certificate of a minute, which is used again", async () => {
    await agent.decided();
    const before = (await agent.status()).signatures;
    await logsIn();
    expect(await agent.decided()).toMatch(
      /^offered: web-1\.example\.org \(web\): platform-tunnels \(deploy\), signed now.*\nsigned: deploy at web-1/,
    );
    // On a slow machine the minute may be over before the second login; the certificate that is signed then is used again, too.
    await until("a login with the same certificate", 60, async () => {
      const { signatures } = await agent.status();
      await logsIn();
      const isAgain = / \(deploy\), used again.*\nsigned: deploy at web-1/.test(await agent.decided());
      expect((await agent.status()).signatures - signatures).toBe(isAgain ? 0 : 1);
      return isAgain;
    });
    await logsIn("ops@web-1.example.org");
    expect(await agent.decided()).toMatch(/signed: ops at web-1/);
    expect((await agent.status()).signatures - before).toBeGreaterThanOrEqual(2); // of two rules
    expect(await fleet.sshds["web-1"].log()).toMatch(/Accepted publickey for deploy .* ED25519-CERT .* ID platform-tunnels:/);
  });

  test("whoever is no client of a session is shown nothing, and signs nothing", async () => {
    await agent.decided();
    const env = { SSH_AUTH_SOCK: agent.socket };
    expect(await run("ssh-add", ["-L"], { env })).toMatchObject({ exit: 1, all: "The agent has no identities." });
    expect(await agent.decided()).toMatch(/^nothing: the client did not say which host it talks to/);
    for (const args of [["-D"], ["-x"], [fleet.hostKey]])
      expect((await run("ssh-add", args, { env, input: "" })).exit).not.toBe(0);
    await logsIn();
  });

  test("an account, and a group of hosts, that no rule of hers has", async () => {
    await isRefused("root@web-1.example.org", /^offered: /); // sshd asks for a principal that no certificate has
    const db = await fleet.sshd({ group: "db", hostCertificate: await fleet.certified("db-1", "db") });
    opened.push(db);
    toDb = ["-o", "HostName=127.0.0.1", "-o", "HostKeyAlias=db-1.example.org", "-p", String(db.port)];
    await isRefused("ops@db-1.example.org", /^nothing: no rule lets alice log in to db-1\.example\.org \(db\)$/, ...toDb);
    expect(await db.log()).not.toContain("Failed publickey");
  });

  onOne?.("a host that is not believed sees not even a public key", () => {
    /** As somebody has it who says yes to everything. */
    const careless = [
      ...["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"],
      "HostKeyAlgorithms=ssh-ed25519-cert-v01@openssh.com,ssh-ed25519",
    ].flatMap((each) => ["-o", each]);
    let hosts: ReadonlyMap<string, OwnSshd>;

    beforeAll(async () => {
      const [own, pub] = [file("eve_ca"), `${fleet.hostKey}.pub`];
      await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", own]));
      const byEve = async (...args: string[]) => {
        await succeeds(run("ssh-keygen", ["-qs", own, "-I", "web:x", "-n", "web-1.example.org", "-V", "+1h", ...args, pub]));
        return (await readFile(`${fleet.hostKey}-cert.pub`, "utf8")).trim();
      };
      const byAnotherCa = await byEve("-h");
      const ofAUser = await byEve();
      const expired = await fleet.certified("web-3", "web", "1s");
      const options: readonly (readonly [string, string | undefined])[] = [
        ["A01", undefined],
        ["A02", byAnotherCa],
        ["A03", expired],
        ["A04", ofAUser],
        ["good", await fleet.certified("web-4", "web")],
      ];
      hosts = new Map(
        await Promise.all(
          options.map(
            async ([name, hostCertificate]) => [name, await fleet.sshd({ hostCertificate, logLevel: "DEBUG1" })] as const,
          ),
        ),
      );
      opened.push(...hosts.values());
      const end = Number(parseCertificate(expired).validBefore) * 1000;
      await until("the certificate to expire", 5, () => Promise.resolve(Date.now() > end), 50);
    }, 180_000);

    const options = (name: string) => ["-p", String(hosts.get(name)?.port), ...careless];
    test.each([
      ["A01", "with its plain key", /nothing: the host showed a plain key \(SHA256:\S+\), and no certificate/],
      ["A02", "certified by another CA", /nothing: the certificate of web-1\.example\.org is by another CA/],
      ["A03", "whose certificate has expired", /nothing: the certificate of web-3\.example\.org is not valid now/],
      ["A04", "with a certificate of a user", /nothing: the host showed a (user certificate|plain key)/],
    ])("%s: %s", async (name, _what, says) => {
      await isRefused(web, says, ...options(name));
      const log = (await hosts.get(name)?.log()) ?? "";
      expect(log).toMatch(/method none/);
      expect(log).not.toMatch(/method publickey|Failed publickey/);
    });

    test("the control: the same client at a host of the fleet", async () => {
      await logsIn(web, ...options("good"));
      expect(await hosts.get("good")?.log()).toMatch(/method publickey/);
    });
  });

  onOne?.("an agent that is forwarded", () => {
    let hop: string;
    beforeAll(async () => {
      const [other, third] = await Promise.all(
        ["web-2", "web-3"].map(async (name) => fleet.sshd({ hostCertificate: await fleet.certified(name, "web") })),
      );
      if (other === undefined || third === undefined) throw new Error("no hosts");
      opened.push(other, third);
      hop = join(shared, "hop");
      await writeFile(join(shared, "known_hosts"), await readFile(file("fleet_known_hosts")));
      const entries = [
        [`web-2.example.org`, other.port],
        [`web-3.example.org`, third.port],
        [`gate-1.example.org`, fleet.sshds["gate-1"].port],
      ] as const;
      const settings = [
        `UserKnownHostsFile ${shared}/known_hosts`,
        "StrictHostKeyChecking yes",
        "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com",
        "BatchMode yes",
      ];
      await writeFile(hop, `${settings.join("\n")}\n${entries.map(([name, port]) => entryOf(name, port)).join("")}`);
    });
    const onWeb = (command: string) => agent.ssh(web, command, "-A");

    test("where a rule allows it, to the groups that it names", async () => {
      await agent.decided();
      expect(await onWeb(`ssh -F ${hop} deploy@web-2.example.org id -un`)).toMatchObject({ exit: 0, all: "deploy" });
      expect(await agent.decided()).toMatch(
        /signed: deploy at web-2\.example\.org \(web\) over web-1\.example\.org, by platform-tunnels$/,
      );
      const twice = `ssh -A -F ${hop} deploy@web-2.example.org ssh -F ${hop} deploy@web-3.example.org id -un`;
      expect(await onWeb(twice)).toMatchObject({ exit: 0, all: "deploy" });
      expect(await agent.decided()).toMatch(/web-3\.example\.org \(web\) over web-1\.example\.org, web-2\.example\.org, by/);
    });

    test("not to a group that the rule does not name, though she may log in there herself", async () => {
      await agent.decided();
      const ran = await onWeb(`ssh -F ${hop} ops@gate-1.example.org id -un`);
      expect(ran).toMatchObject({ exit: 255, all: expect.stringContaining("Permission denied (publickey)") });
      expect(await agent.decided()).toContain(
        "nothing: no rule of alice forwards an agent from web-1.example.org (web) to gate-1.example.org (gate)",
      );
    });

    test("that host itself is shown nothing, and has nothing signed", async () => {
      await agent.decided();
      expect(await onWeb("ssh-add -L")).toMatchObject({ exit: 1, all: "The agent has no identities." });
      expect(await agent.decided()).toContain("nothing: a host to which the agent is forwarded asked for itself");
    });

    test("not where no rule has it: that host gets no agent", async () => {
      expect(await agent.ssh(gate, "echo ${SSH_AUTH_SOCK:-none}", "-A")).toMatchObject({ exit: 0, stdout: "none" });
    });
  });

  onOne?.("programs that use ssh", () => {
    const ssh = () => `ssh -F ${agent.config}`;

    test("scp and sftp", async () => {
      await writeFile(file("sent"), "text");
      await succeeds(run("scp", ["-q", "-F", agent.config, file("sent"), `${web}:${shared}/scp`]));
      const batch = `get ${shared}/scp ${file("got")}\n`;
      expect((await run("sftp", ["-F", agent.config, "-b", "-", web], { input: batch })).exit).toBe(0);
      expect(await readFile(file("got"), "utf8")).toBe("text");
    });

    test("git", async () => {
      const bare = join(shared, "repository");
      const git = (...args: string[]) =>
        run("git", ["-c", "user.name=A", "-c", "user.email=a@example.org", ...args], { env: { GIT_SSH_COMMAND: ssh() } });
      await succeeds(git("init", "-q", "--bare", bare));
      await succeeds(run("chown", ["-R", "65532", bare]));
      await succeeds(git("init", "-q", file("work")));
      await succeeds(git("-C", file("work"), "commit", "-q", "--allow-empty", "-m", "first"));
      await succeeds(git("-C", file("work"), "push", "-q", `${web}:${bare}`, "HEAD:refs/heads/main"));
      await succeeds(git("clone", "-q", "-b", "main", `ssh://${web}${bare}`, file("clone")));
      expect((await git("-C", file("clone"), "log", "--format=%s")).stdout).toBe("first");
    });

    test("a jump host: each has its own certificate", async () => {
      await agent.decided();
      await logsIn(web, "-J", jump);
      const decided = await agent.decided();
      expect(decided).toMatch(/signed: ops at jump-1\.example\.org \(jump\), by platform-jump/);
      expect(decided).toMatch(/signed: deploy at web-1\.example\.org \(web\), by platform-tunnels/);
      const { port } = fleet.sshds["web-1"];
      const through = spawn("ssh", ["-F", agent.config, "-W", `127.0.0.1:${String(port)}`, jump], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const [greeting] = (await once(through.stdout, "data")) as [Buffer];
      expect(greeting.toString()).toMatch(/^SSH-2\.0-/);
      through.kill();
      await once(through, "exit");
    });

    test("a ControlMaster: one login, many sessions", async () => {
      const options = ["ControlMaster=auto", `ControlPath=${join(fleet.runtime, "%C")}`, "ControlPersist=60"].flatMap((each) => [
        "-o",
        each,
      ]);
      await agent.decided();
      for (let session = 0; session < 3; session++) expect((await agent.ssh(web, "id -un", ...options)).stdout).toBe("deploy");
      expect((await agent.decided()).match(/signed: /g)).toHaveLength(1);
      await run("ssh", ["-F", agent.config, ...options, "-O", "exit", web]);
    });

    test("an editor's way: a shell on standard input, and a proxy", async () => {
      const port = await freePort();
      const editor = spawn("ssh", ["-F", agent.config, "-T", "-D", String(port), web, "sh"], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      editor.stdin.write("echo here\n");
      const [said] = (await once(editor.stdout, "data")) as [Buffer];
      expect(said.toString()).toBe("here\n");
      const proxy = connect(port, "127.0.0.1");
      proxy.write(Buffer.from([5, 1, 0])); // RFC 1928
      expect(await once(proxy, "data")).toEqual([Buffer.from([5, 0])]);
      proxy.destroy();
      editor.stdin.end();
      await once(editor, "exit");
    });
  });

  onOne?.("many at once", () => {
    const many = Number(process.env["SSH_TRUST_LOGINS"] ?? 40);
    test(`${String(many)} logins: none fails, and no more certificates are signed than there are rules`, async () => {
      const before = (await agent.status()).signatures;
      const all = await Promise.all(Array.from({ length: many }, () => agent.ssh(web, "true")));
      expect(all.filter(({ exit }) => exit !== 0).map(({ all: said }) => said)).toEqual([]);
      const { signatures } = await agent.status();
      expect(signatures - before).toBeLessThanOrEqual(4); // two rules, and a minute may be over on the way
    });
  });

  onOne?.("its process", () => {
    const asAlice = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
      agent.asAlice(["agent", ...args], env);
    /** An agent elsewhere, of somebody who is not signed in. */
    const elsewhere = async () => {
      const runtime = await mkdtemp("/dev/shm/test-");
      return { runtime, env: { XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: join(runtime, "state"), HOME: runtime } };
    };
    /** Those that it started, and theirs. */
    const processes = async (pid: number | string): Promise<readonly string[]> => {
      const children = (await run("pgrep", ["-P", String(pid)])).stdout.split("\n").filter((line) => line !== "");
      return [...children, ...(await Promise.all(children.map(processes))).flat()];
    };

    test("what nobody else can read or open", async () => {
      const folder = dirname(agent.socket);
      const modes = await Promise.all(
        [folder, agent.socket, join(folder, "control.sock")].map(async (path) => (await stat(path)).mode & 0o777),
      );
      expect(modes).toEqual([0o700, 0o600, 0o600]);
      expect((await stat(file(".local/state/ssh-trust/agent.log"))).mode & 0o777).toBe(0o600);
    });

    test("no secret in an argument, an environment, its log or its status", async () => {
      const { pid } = await agent.status();
      const all = [String(pid), ...(await processes(pid))];
      expect(all.length).toBeGreaterThan(1);
      const shown = await Promise.all(
        all.flatMap((each) => ["cmdline", "environ"].map((name) => readFile(`/proc/${each}/${name}`, "utf8").catch(() => ""))),
      );
      const said = [
        ...shown,
        await readFile(file(".local/state/ssh-trust/agent.log"), "utf8"),
        JSON.stringify(await agent.status()),
      ];
      expect(said.join("\n")).toContain("ssh-agent\0-a\0");
      expect(said.filter((each) => each.includes(fleet.token))).toEqual([]);
    });

    test("the ssh-agent behind it is killed: the next login works", async () => {
      const { pid } = await agent.status();
      const names = await Promise.all(
        (await processes(pid)).map(async (each) => [each, await readFile(`/proc/${each}/comm`, "utf8")] as const),
      );
      const children = names.filter(([, name]) => name === "ssh-agent\n").map(([each]) => each);
      expect(children).toHaveLength(1);
      process.kill(Number(children[0]), "SIGKILL");
      await until("a login", 5, async () => (await agent.ssh(web, "true")).exit === 0);
      expect((await agent.status()).pid).toBe(pid);
    });

    test("killed: start just works, at the same socket", async () => {
      const { pid } = await agent.status();
      process.kill(pid, "SIGKILL");
      await until("it to be gone", 5, () => run("kill", ["-0", String(pid)]).then(({ exit }) => exit !== 0), 20);
      expect((await asAlice(["status"])).stderr).toContain("[AGENT_NOT_RUNNING]");
      expect((await asAlice(["start"])).stderr).toContain(`the agent runs at ${agent.socket}`);
      expect((await agent.status()).pid).not.toBe(pid);
      await logsIn();
    });

    test("started five times at once, and once more: one runs; run is refused; stop leaves nothing but the log", async () => {
      const { runtime, env } = await elsewhere();
      const started = await Promise.all(Array.from({ length: 5 }, () => asAlice(["start"], env)));
      expect(started.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0]);
      const pids = new Set(started.map(({ stderr }) => /as process (\d+)/.exec(stderr)?.[1]));
      expect(pids.size).toBe(1);
      expect(started.filter(({ stderr }) => !stderr.includes("already"))).toHaveLength(1);
      expect((await asAlice(["run"], env)).stderr).toContain("[AGENT_RUNS]");
      const [pid = ""] = pids;
      const children = await processes(pid);
      expect(await asAlice(["stop"], env)).toMatchObject({ exit: 0, stderr: expect.stringContaining("the agent has ended") });
      for (const each of [pid, ...children])
        await until(`${each} to end`, 5, async () => (await run("kill", ["-0", each])).exit !== 0, 20);
      const left = (await readdir(runtime, { recursive: true, withFileTypes: true })).filter((each) => !each.isDirectory());
      expect(left.map(({ name }) => name).filter((name) => name !== "agent.log")).toEqual([]);
      expect(await asAlice(["stop"], env)).toMatchObject({ exit: 0, stderr: "the agent is not running" });
      await rm(runtime, { recursive: true });
    });

    test("a place that is too long for a socket", async () => {
      const { runtime, env } = await elsewhere();
      const long = join(runtime, "x".repeat(90));
      await mkdir(long, { mode: 0o700 });
      for (const verb of ["start", "status", "stop"]) {
        const ran = await asAlice([verb], { ...env, XDG_RUNTIME_DIR: long });
        expect(ran).toMatchObject({ exit: 1, stdout: "", stderr: expect.stringContaining("[AGENT_NO_PLACE]") });
      }
      await rm(runtime, { recursive: true });
    });

    test("a stale socket, and files where the sockets should be", async () => {
      const { runtime, env } = await elsewhere();
      await mkdir(join(runtime, "ssh-trust"), { mode: 0o700 });
      for (const name of ["agent.sock", "control.sock"]) await writeFile(join(runtime, "ssh-trust", name), "old");
      await succeeds(asAlice(["start"], env));
      await succeeds(asAlice(["stop"], env));
      await rm(runtime, { recursive: true });
    });

    test("its log's disk is full: it goes on", async () => {
      const { runtime, env } = await elsewhere();
      const small = join(runtime, "state");
      await mkdir(small);
      await succeeds(run("mount", ["-t", "tmpfs", "-o", "size=16k,mode=700", "tmpfs", small]));
      try {
        await succeeds(asAlice(["start"], env));
        await run("sh", ["-c", 'cat /dev/zero >"$1/full"', "sh", small]);
        const socket = join(runtime, "ssh-trust/agent.sock");
        for (let times = 0; times < 3; times++)
          expect((await run("ssh-add", ["-L"], { env: { SSH_AUTH_SOCK: socket } })).exit).toBe(1);
        const { counts } = JSON.parse((await asAlice(["status", "--format", "json"], env)).stdout) as {
          counts: { nothing: number };
        };
        expect(counts.nothing).toBe(3);
        await succeeds(asAlice(["stop"], env));
      } finally {
        await run("umount", [small]);
        await rm(runtime, { recursive: true });
      }
    });
  });

  describe("Vault, and who may log in", () => {
    const reserves = async () =>
      (await agent.status()).people.flatMap(({ certificates }) =>
        certificates.filter(({ reserve }) => reserve).map(({ rule }) => rule),
      );

    test("whoever is removed from the group is refused, and has no reserve any more; who is back logs in again", async () => {
      await agent.look();
      expect(await reserves()).toEqual(["platform-gate"]);
      const entity = text((await fleet.must("identity/entity/name/alice")).data, "id");
      await setMembers(fleet, "platform", (members) => members.filter((each) => each !== entity));
      // A certificate that is there is used to its end, for a minute at most; where none is, Vault is asked.
      await until("the removal to be known", 15, async () => {
        await agent.ssh("ops@db-1.example.org", "true", ...toDb);
        return (await reserves()).length === 0;
      });
      await isRefused(gate, /^nothing: Vault at \S+ does not show this sign-in the fleet/);
      await isRefused(web, /^nothing: Vault at \S+ does not show this sign-in the fleet/);
      await setMembers(fleet, "platform", (members) => [...members, entity]);
      await until("a login", 15, async () => (await agent.ssh(web, "true")).exit === 0);
    });

    test("sealed: the reserve carries on, and who has none is told why within seconds", async () => {
      await agent.look();
      await until("the reserve", 10, async () => (await reserves()).length === 1);
      expect((await fleet.server.ask("sys/seal", { method: "POST" })).status).toBeLessThan(300);
      await agent.decided();
      await logsIn(gate);
      expect(await agent.decided()).toMatch(
        /offered: gate-1\.example\.org \(gate\): platform-gate \(ops\), the reserve, as Vault could not be asked \(.*sealed/,
      );
      const begun = performance.now();
      await isRefused(jump, /nothing: jump-1\.example\.org \(jump\): .*sealed/);
      expect(performance.now() - begun).toBeLessThan(10_000);
      await fleet.server.unseal();
      await until("a login", 15, async () => (await agent.ssh(jump, "true")).exit === 0);
    });

    if (kind === "OpenBao")
      test("stopped: the reserve carries on, and who has none is told why within seconds", async () => {
        await agent.look();
        await until("the reserve", 10, async () => (await reserves()).length === 1);
        await fleet.server[Symbol.asyncDispose]();
        await agent.decided();
        await logsIn(gate);
        expect(await agent.decided()).toMatch(
          /^offered: gate-1\.example\.org \(gate\): platform-gate \(ops\), (the reserve|used again)/,
        );
      });
    else
      test("signed out: the next login is refused at once, and ssh-agent has no key", async () => {
        await logsIn();
        await succeeds(agent.asAlice(["logout"]));
        await isRefused(web, /^nothing: nobody is signed in: ssh-trust login$/);
        expect((await agent.status()).people).toEqual([]);
      });
  });
});
