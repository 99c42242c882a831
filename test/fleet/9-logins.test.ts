/** `ssh-trust ssh`, `sign` and `known-hosts`, on both servers, with real hosts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { parseCertificate, type Certificate } from "../../src/ssh/certificate.js";
import { fakeSsh, type FakeSsh } from "../support/fake-ssh.js";
import { entryOf, loginFleets, type LoginFleet } from "../support/login-fleet.js";
import type { OwnSshd } from "../support/own-sshd.js";
import { text } from "../support/applied-fleet.js";
import { run, sshTrustFile, succeeds, until, type Ran } from "../support/project.js";
import { freePort, serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

const web = "deploy@web-1.example.org";

const fleetAt = loginFleets();

describe.each(serverKinds)("%s", (kind) => {
  let fleet: LoginFleet;
  let fake: FakeSsh;
  const opened: OwnSshd[] = [];
  const file = (name: string) => join(fleet.folder.folder, name);
  const ssh = (line: string, env: Record<string, string> = {}) =>
    fleet.asAlice(["ssh", "-F", fleet.config, ...line.split(" ")], env);
  /** Folders of logins that are there now. */
  const left = async () => (await readdir(fleet.runtime)).filter((name) => name.startsWith("ssh-trust-"));
  /** What no server has a part in. */
  const onOne = kind === "OpenBao" ? describe : undefined;

  beforeAll(async () => {
    fleet = fleetAt(kind);
    fake = await fakeSsh(fleet.folder.folder);
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f", file("id_ed25519")]));
  }, 180_000);
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
  });

  describe("a host that is not believed", () => {
    beforeAll(async () => {
      const publicKey = await readFile(`${fleet.hostKey}.pub`, "utf8");
      const own = file("own_ca");
      await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", own]));
      await succeeds(
        run("ssh-keygen", ["-qs", own, "-I", "web", "-h", "-n", "web-2.example.org", "-V", "+1h", `${fleet.hostKey}.pub`]),
      );
      const foreign = (await readFile(`${fleet.hostKey}-cert.pub`, "utf8")).trim();
      const expired = await fleet.certified("web-3", "web", "1s");
      const end = Number(parseCertificate(expired).validBefore) * 1000;
      const sshds = {
        "web-2": await fleet.sshd({ hostCertificate: foreign }),
        "web-3": await fleet.sshd({ hostCertificate: expired }),
        "web-4": fleet.sshds["jump-1"], // certified for another name
        "web-5": await fleet.sshd({}), // with its plain key
      };
      opened.push(sshds["web-2"], sshds["web-3"], sshds["web-5"]);
      const names = Object.keys(sshds).map((name) => `${name}.example.org`);
      const known = `${names.join(",")} ${publicKey}`;
      await writeFile(
        file("raw_known_hosts"),
        `${known}@cert-authority ${names.join(",")} ${await readFile(`${own}.pub`, "utf8")}`,
      );
      const entries = Object.entries(sshds).map(([name, { port }]) => entryOf(`${name}.example.org`, port));
      const more = `Host *\n  UserKnownHostsFile ${file("raw_known_hosts")}\n`;
      await writeFile(file("bad_config"), [...entries, more].join(""));
      await until("the certificate to expire", 5, () => Promise.resolve(Date.now() > end), 50);
    }, 180_000);

    test.each([
      [
        "web-2",
        "certified by another CA",
        /No ED25519-CERT host key is known|No ED25519 host key is known|Host key verification failed/,
      ],
      ["web-3", "whose certificate has expired", /Certificate invalid: expired/],
      ["web-4", "certified for another name", /Certificate invalid: name is not a listed principal/],
      ["web-5", "with its plain key", /no matching host key type found/],
    ])("%s: %s, whatever the person's own files and options say", async (name, _what, says) => {
      const to = `ops@${name}.example.org`;
      // Plain ssh believes it, by the person's known_hosts, and goes on to the person.
      const plain = await run("ssh", ["-F", file("bad_config"), "-o", "BatchMode=yes", "-o", "IdentityAgent=none", to, "true"]);
      expect(plain.all).toContain("Permission denied");
      const options = [
        "StrictHostKeyChecking=no",
        `UserKnownHostsFile=${file("raw_known_hosts")}`,
        "HostKeyAlgorithms=ssh-ed25519",
      ];
      const settings = [...options, "NoHostAuthenticationForLocalhost=yes", "ControlMaster=auto"].flatMap((each) => ["-o", each]);
      for (const more of [[], settings]) {
        const { exit, stdout, stderr } = await fleet.asAlice(["ssh", "-F", file("bad_config"), ...more, to, "true"]);
        expect({ exit, stdout, stderr }).toEqual({ exit: 255, stdout: "", stderr: expect.stringMatching(says) });
        expect(stderr).not.toContain("ssh-trust");
      }
    });
  });

  onOne?.("refused before anything is signed", () => {
    test.each<[line: string, code: string, says: string]>([
      ["root@web-1.example.org", "LOGIN_ACCOUNT_DENIED", "alice may log in to web as deploy, ops: ssh-trust ssh deploy@web-1"],
      ["ops@db-1.example.org", "LOGIN_ACCOUNT_DENIED", "alice may log in to web as deploy, ops; to jump as ops; to gate as ops"],
      ["git@github.com", "LOGIN_HOST_UNKNOWN", "web: web-*.example.org, www.example.org; db: db-*.example.org"],
      ["deploy@web-1", "LOGIN_HOST_UNKNOWN", "write the full name: ssh-trust ssh deploy@web-1.example.org"],
      ["-J ops@gate-1.example.org deploy@web-1.example.org", "LOGIN_JUMP_DENIED", "no rule has port-forwarding on gate"],
      ["-J root@jump-1.example.org deploy@web-1.example.org", "LOGIN_ACCOUNT_DENIED", "(jump) as root"],
      ["-fN -L 1:a:1 ops@web-1.example.org", "LOGIN_OPTION_DENIED", "not with -L (port-forwarding): no rule permits that"],
      ["-W a:1 ops@web-1.example.org", "LOGIN_OPTION_DENIED", '"with" of the rule platform-web in the fleet file'],
      ["--rule platform-web -R 1:a:1 deploy@web-1.example.org", "LOGIN_OPTION_DENIED", "the rule platform-tunnels does: --rule"],
    ])("%s: %s", async (line, code, says) => {
      const { exit, stdout, stderr } = await ssh(line);
      expect({ exit, stdout, stderr }).toEqual({ exit: 255, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
      expect(stderr).toContain(says);
    });

    test("a token of nobody, and one that is not good", async () => {
      const policies = ["default", "ssh-trust-signed-in"];
      const stranger = await fleet.must("auth/token/create-orphan", { body: { policies, ttl: "1h" } });
      const { exit, stderr } = await ssh(web, { VAULT_TOKEN: stranger.auth?.client_token ?? "" });
      expect({ exit, stderr }).toEqual({ exit: 255, stderr: expect.stringContaining("may not log in anywhere") });
      expect((await ssh(web, { VAULT_TOKEN: "s.nobody" })).stderr).toContain("[SIGN_IN_OVER]");
    });
  });

  onOne?.("what ssh gets", () => {
    /** Its arguments behind ours. */
    async function given(line: string, env = {}) {
      expect((await ssh(line, { ...fake.env, ...env })).exit).toBe(7);
      const all = (await readFile(fake.file("args"), "utf8")).split("\0").slice(0, -1);
      return { all, own: all.slice(all.indexOf("-F")) };
    }
    test("every argument, unchanged and in its order", async () => {
      const line = `-v -L 1:a:1 -L 2:b:2 -o SendEnv=A -D 3 ${web} -p 22 -R 4:c:4 -- ls  --color -la '*'`;
      expect((await given(line)).own).toEqual(["-F", fleet.config, ...line.split(" ")]);
      const { own, all } = await given(`--rule platform-tunnels -4A -J ops@jump-1.example.org ${web} uptime`, {
        SSH_AUTH_SOCK: "/dev/null",
      });
      expect(own).toEqual(["-F", fleet.config, "-4A", web, "uptime"]);
      expect(all.filter((word) => word.startsWith("ProxyCommand=ssh -W"))).toHaveLength(1);
    });

    test("one certificate, for this login alone, that nobody else can read, and no token", async () => {
      await writeFile(file("env_config"), `Match exec "env >>${file("match-env")}"\n  User deploy\n`);
      const args = ["ssh", "--rule", "platform-web", "-F", file("env_config"), "-o", "ProxyCommand=none", "web-1.example.org"];
      expect((await fleet.asAlice(args, fake.env)).exit).toBe(7);
      const certificates = (await readFile(fake.file("keys"), "utf8")).trim().split("\n");
      expect(certificates).toHaveLength(1);
      const { principals, extensions, keyId } = parseCertificate(certificates[0] ?? "");
      expect({ principals, extensions: [...extensions.keys()] }).toEqual({
        principals: ["deploy@web"],
        extensions: ["permit-pty"],
      });
      expect(keyId).toMatch(/^platform-web:/);
      expect(await readFile(fake.file("known"), "utf8")).toMatch(/^@cert-authority web-1\.example\.org ssh-ed25519 \S+\n$/);
      expect(await readFile(fake.file("modes"), "utf8")).toBe("700\n600\n600\ntmpfs\n");
      for (const each of [fake.file("env"), file("match-env"), fake.file("args")]) {
        expect(await readFile(each, "utf8")).not.toContain(fleet.token);
      }
    });

    test("jump hosts outside the fleet are as they were; those of it are strict", async () => {
      const { all: outside } = await given(`-J ops@elsewhere.test,b.test ${web}`);
      expect(outside.slice(-3)).toEqual(["-J", "ops@elsewhere.test,b.test", web]);
      const { all: mixed } = await given(`-J ops@elsewhere.test,ops@jump-1.example.org ${web}`);
      const command = mixed.find((word) => word.startsWith("ProxyCommand="));
      expect(command).toContain("'HostKeyAlias=jump-1.example.org'");
      expect(command).toContain("elsewhere.test");
      expect(mixed).not.toContain("-J");
    });

    test("the rule that permits most, or the one that is named", async () => {
      const rule = async () => parseCertificate((await readFile(fake.file("keys"), "utf8")).trim()).keyId.split(":")[0];
      await given(web);
      expect(await rule()).toBe("platform-tunnels");
      await given(`--rule=platform-web ${web}`);
      expect(await rule()).toBe("platform-web");
    });
  });

  describe("a login", () => {
    /** Plain ssh with what the person could get by hand. */
    let plain: (...args: string[]) => Promise<Ran>;
    const settings = () => [
      ...["-F", fleet.config, "-i", file("id_ed25519"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"],
      ...["-o", `UserKnownHostsFile=${file("known_hosts")}`, "-o", "StrictHostKeyChecking=yes"],
    ];
    beforeAll(async () => {
      await succeeds(fleet.asAliceInHost(["sign", file("id_ed25519"), "--on", "web", "--rule", "platform-tunnels"]));
      await succeeds(fleet.asAliceInHost(["known-hosts", "--out", file("known_hosts")]));
      plain = (...args) => run("ssh", [...settings(), ...args]);
    });

    test("status and outputs are plain ssh's", async () => {
      const commands = ["true", "exit 7", "exit 255", "kill -9 $$", "echo out; echo err >&2; exit 3"];
      for (const command of onOne === undefined ? commands.slice(-1) : commands) {
        const [{ exit, stdout, stderr }, ran] = await Promise.all([
          plain(web, command),
          fleet.asAlice(["ssh", "-F", fleet.config, web, command]),
        ]);
        expect([command, ran]).toMatchObject([command, { exit, stdout, stderr }]);
      }
      expect(await left()).toEqual([]);
    });

    test("through the fleet's jump hosts, by -J and by the configuration", async () => {
      const jump = "ops@jump-1.example.org";
      await writeFile(file("jump_config"), `Include ${fleet.config}\nHost web-1.example.org\n  ProxyJump ${jump},${jump}\n`);
      for (const args of [
        ["-F", fleet.config, "-J", jump],
        ["-F", file("jump_config")],
      ]) {
        const before = (await fleet.sshds["jump-1"].log()).split("Accepted publickey").length;
        expect(await fleet.asAlice(["ssh", ...args, web, "id -un"])).toMatchObject({ exit: 0, all: "deploy" });
        const hops = (await fleet.sshds["jump-1"].log()).split("Accepted publickey").length - before;
        expect(hops).toBe(args.includes("-J") ? 1 : 2);
      }
    });

    if (onOne === undefined) return;
    test("100 MB go both ways and are the same", async () => {
      await succeeds(run("sh", ["-c", `head -c 100000000 /dev/urandom >${file("big")}`]));
      const input = createReadStream(file("big"));
      const args = [sshTrustFile, "ssh", "-F", fleet.config, web, "cat"];
      const { exitCode } = await execa(process.execPath, args, { env: fleet.env, input, stdout: { file: file("back") } });
      expect(exitCode).toBe(0);
      expect((await run("cmp", [file("big"), file("back")])).exit).toBe(0);
      await Promise.all([rm(file("big")), rm(file("back"))]);
    });

    /** Starts it, and waits until the command runs. */
    async function running(program: string, args: readonly string[], seconds: string) {
      const child = spawn(program, [...args, web, `echo ready; exec sleep ${seconds}`], {
        env: { ...process.env, ...fleet.env },
        stdio: ["ignore", "pipe", "ignore"],
      });
      await once(child.stdout, "data");
      return child;
    }
    const ours = () => [sshTrustFile, "ssh", "-F", fleet.config];

    test("a signal ends it as it ends ssh", async () => {
      const ends = async (signal: NodeJS.Signals, program: string, args: readonly string[]) => {
        const child = await running(program, args, "1000");
        child.kill(signal);
        await once(child, "exit");
        return [signal, child.exitCode ?? child.signalCode];
      };
      const all = (program: string, args: readonly string[]) =>
        Promise.all((["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const).map((signal) => ends(signal, program, args)));
      expect(await all(process.execPath, ours())).toEqual(await all("ssh", settings()));
      expect(await left()).toEqual([]);
    });

    test("killed at once: key, agent and files are gone", async () => {
      const child = await running(process.execPath, ours(), "2.5");
      const [name = ""] = await left();
      child.kill("SIGKILL");
      await until("the folder to vanish", 5, async () => (await left()).length === 0, 20);
      expect((await run("pgrep", ["-f", `ssh-agent -a .*${name}`])).stdout).toBe("");
    });

    test("a tunnel in the background: it returns, the tunnel works, and nothing lies about", async () => {
      const port = await freePort();
      const to = `${String(port)}:127.0.0.1:${String(fleet.sshds["gate-1"].port)}`;
      expect(await ssh(`-fN -o ExitOnForwardFailure=yes -L ${to} ${web}`)).toMatchObject({ exit: 0, all: "" });
      const { stdout: pid } = await run("pgrep", ["-f", `ExitOnForwardFailure=yes -L ${to}`]);
      try {
        expect(await left()).toEqual([]);
        const socket = connect(port, "127.0.0.1");
        const [greeting] = (await once(socket, "data")) as [Buffer];
        expect(greeting.toString()).toContain("SSH-2.0-OpenSSH");
        socket.destroy();
      } finally {
        process.kill(Number(pid));
      }
    });

    test("at a terminal: ~^Z suspends, fg resumes, Ctrl-C is the remote side's", async () => {
      const shell = spawn("script", ["-qec", "exec env PS1='PROMPT> ' TERM=dumb bash --norc --noprofile -i", "/dev/null"], {
        env: { ...process.env, ...fleet.env },
        stdio: ["pipe", "pipe", "inherit"],
      });
      let shown = "";
      shell.stdout.setEncoding("utf8").on("data", (part: string) => (shown += part));
      const say = async (typed: string, expected: string) => {
        shown = "";
        shell.stdin.write(typed);
        await until(
          `${JSON.stringify(expected)} behind ${JSON.stringify(typed)}`,
          15,
          () => Promise.resolve(shown.includes(expected)),
          20,
        );
      };
      try {
        await until("the prompt", 15, () => Promise.resolve(shown.includes("PROMPT> ")), 20);
        await say(`${process.execPath} ${ours().join(" ")} -t ${web} 'PS1=re"mo"te, sh'\r`, "remote,");
        await say("\u0003", "remote,");
        await say("echo $((1+1))\r", "2\r\nremote,");
        await say("\r~\u001a", "Stopped");
        await say("jobs\r", "Stopped");
        await say("fg\r", "\r\n");
        await say("echo $((2+2))\r", "4\r\nremote,");
        await say("exit 5\r", "PROMPT> ");
        await say("echo =$?=\r", "=5=");
        shell.stdin.end("exit\r");
        await once(shell, "close");
      } finally {
        shell.kill("SIGKILL");
      }
    });
  });

  describe("sign", () => {
    const sign = (line: string, input?: string) =>
      input === undefined
        ? fleet.asAliceInHost(["sign", ...line.split(" ")])
        : run(process.execPath, [sshTrustFile, "sign", ...line.split(" ")], { cwd: fleet.folder.folder, env: fleet.env, input });

    onOne?.("refused", () => {
      test.each<[line: string, exit: number, code: string, says: string]>([
        ["id_ed25519-cert.pub --on web", 1, "KEY_IS_CERTIFICATE", "name the public key: ssh-trust sign id_ed25519.pub"],
        ["nothing.pub --on web", 1, "KEY_FILE_MISSING", "nothing.pub"],
        ["config --on web", 1, "KEY_NOT_PUBLIC", "config"],
        ["id_ed25519.pub --on web", 2, "SIGN_RULES_SEVERAL", "platform-tunnels: deploy, for 1m, with pty, port-forwarding"],
        ["id_ed25519.pub --on db", 1, "SIGN_DENIED", "alice may log in to web as deploy, ops; to jump as ops"],
        ["id_ed25519.pub --on web --as root", 1, "SIGN_DENIED", "for web as root"],
        ["id_ed25519.pub --on nowhere", 1, "SIGN_GROUP_UNKNOWN", "db: db-*.example.org"],
        ["id_ed25519.pub --on web --as ops --for 2m", 2, "USAGE", "the rule platform-web has 1m at most"],
        ["id_ed25519.pub --on web --for soon", 2, "TTL_INVALID", "soon"],
        ["id_ed25519.pub --on web --as ops --out /nowhere/cert.pub", 1, "FILE_NOT_WRITTEN", "/nowhere/cert.pub"],
        ["id_ed25519.pub", 2, "USAGE", "--on <group> is missing"],
      ])("%s", async (line, exit, code, says) => {
        await writeFile(file("id_ed25519-cert.pub"), await readFile(`${fleet.hostKey}-cert.pub`));
        const ran = await sign(line);
        expect(ran).toMatchObject({ exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
        expect(ran.stderr).toContain(says);
      });
    });

    const at = async (name: string): Promise<Certificate> => parseCertificate(await readFile(file(name), "utf8"));

    test("beside the key, as ssh-keygen does it, also where the private key is named", async () => {
      for (const name of ["id_ed25519.pub", "id_ed25519"]) {
        await rm(file("id_ed25519-cert.pub"), { force: true });
        const { exit, stdout, stderr } = await sign(`${name} --on web --as ops --for 30s`);
        expect({ exit, stdout }).toEqual({ exit: 0, stdout: "" });
        expect(stderr).toMatch(/^id_ed25519-cert\.pub for ops@web, by the rule platform-web, until 20[-\d]+ [:\d]+ UTC$/);
        const { principals, validAfter, validBefore } = await at("id_ed25519-cert.pub");
        expect({ principals, life: Number(validBefore - validAfter) }).toEqual({ principals: ["ops@web"], life: 60 }); // 30 s of it past
        expect((await stat(file("id_ed25519-cert.pub"))).mode & 0o777).toBe(0o644);
      }
    });

    test("a host of the group; standard input and output; JSON", async () => {
      const key = await readFile(file("id_ed25519.pub"), "utf8");
      const piped = await sign("- --on jump-9.example.org", key);
      expect(parseCertificate(piped.stdout).principals).toEqual(["ops@jump"]);
      const json = await sign("id_ed25519.pub --on jump --out other.pub --format json");
      expect(JSON.parse(json.stdout)).toMatchObject({ certType: "user", principals: ["ops@jump"] });
      expect((await at("other.pub")).principals).toEqual(["ops@jump"]);
    });

    test("keys on a token (FIDO2)", async () => {
      for (const line of securityKeys) {
        const { stdout, exit } = await sign("- --on jump", line);
        expect(exit).toBe(0);
        const { type, criticalOptions, extensions } = parseCertificate(stdout);
        expect([type, [...criticalOptions.keys()], [...extensions.keys()]]).toEqual([
          line.split(" ")[0]?.replace("@", "-cert-v01@"),
          [],
          ["permit-port-forwarding"], // and not no-touch-required
        ]);
      }
    });
  });

  describe("known-hosts", () => {
    test("has the fleet's names and no other, is written whole, and is refreshed", async () => {
      const { stdout, exit } = await fleet.asAlice(["known-hosts"]);
      expect(exit).toBe(0);
      expect(stdout.split("\n").map((line) => line.replace(/ssh-ed25519 \S+/, "…"))).toEqual([
        "@cert-authority web-*.example.org,www.example.org … ssh-trust: web",
        "@cert-authority db-*.example.org … ssh-trust: db",
        "@cert-authority jump-*.example.org … ssh-trust: jump",
        "@cert-authority gate-*.example.org … ssh-trust: gate",
      ]);
      await writeFile(file("fleet_hosts"), "old\n");
      await succeeds(fleet.asAliceInHost(["known-hosts", "--out", "fleet_hosts"]));
      expect(await readFile(file("fleet_hosts"), "utf8")).toBe(`${stdout}\n`);
      for (const [name, found] of [
        ["github.com", 1],
        ["example.org", 1],
        ["web-1.example.net", 1],
        ["web-1.example.org", 0],
      ] as const) {
        expect([name, (await run("ssh-keygen", ["-F", name, "-f", file("fleet_hosts")])).exit]).toEqual([name, found]);
      }
    });

    if (onOne === undefined) return;
    test.each(["22", "other"])("ssh is strict and silent with it: lines for the port %s", async (which) => {
      const { port } = fleet.sshds["web-1"];
      await succeeds(fleet.asAliceInHost(["known-hosts", "--out", "hosts", "--port", which === "22" ? which : String(port)]));
      await writeFile(file("port_config"), `Host web-1.example.org\n  ProxyCommand ${process.execPath} -e "${pipe}"\n`);
      await succeeds(fleet.asAliceInHost(["sign", "id_ed25519.pub", "--on", "web", "--as", "ops"]));
      const options = [`UserKnownHostsFile=${file("hosts")}`, "StrictHostKeyChecking=yes", "IdentityAgent=none"];
      const settings = options.flatMap((each) => ["-o", each]);
      const args = ["-F", file("port_config"), ...settings, "-i", file("id_ed25519"), "-p", String(port)];
      expect(await run("ssh", [...args, "ops@web-1.example.org", "id -un"])).toMatchObject({ exit: 0, all: "ops" });
    });

    test("as JSON, and refused", async () => {
      const { groups, cas, lines } = JSON.parse(
        (await fleet.asAliceInHost(["known-hosts", "--format", "json"])).stdout,
      ) as KnownHostsJson;
      expect(groups[0]).toEqual({ name: "web", patterns: ["web-*.example.org", "www.example.org"] });
      const ca = text((await fleet.must("host-ssh/public_key")).data, "text").trim();
      expect(cas.map(({ line }) => line.split(" ").slice(0, 2))).toEqual([ca.split(" ").slice(0, 2)]);
      expect(lines).toHaveLength(4);
      for (const port of ["0", "x", "65536", "-1"]) {
        expect(await fleet.asAliceInHost(["known-hosts", `--port=${port}`])).toMatchObject({ exit: 2, stdout: "" });
      }
      expect((await fleet.asAliceInHost(["known-hosts", "--out", "/nowhere/x"])).stderr).toContain("[FILE_NOT_WRITTEN]");
    });
  });
});

/** What nc does. */
const pipe = "const to = require('net').connect(%p, '127.0.0.1'); process.stdin.pipe(to).pipe(process.stdout)";

interface KnownHostsJson {
  readonly groups: readonly unknown[];
  readonly cas: readonly { readonly line: string }[];
  readonly lines: readonly string[];
}

/** Made without a token: nobody can sign with them, but they can be certified. */
const securityKeys = [
  "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIMrdxSB0utuWYRQlgEPRVaNsq88nbeGDmw2ED3xPZFkrAAAABHNzaDo= sk1",
  "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBK8s7bnovkILuj2+/5+B4bYO7fX5VI7c2oaIyHPmYM+YJbubYhbQNDvVIGwhLKKUYnXODfBBk3mcGd5ZfBSJIc8AAAAEc3NoOg== sk2",
];
