/** `ssh-trust config`, on both servers: plain ssh with the fleet's configuration, against real hosts. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { setMembers } from "../support/applied-fleet.js";
import { entryOf, loginFleets, type LoginFleet } from "../support/login-fleet.js";
import { run, sshTrustFile, succeeds, until } from "../support/project.js";
import { signedIn } from "../support/people.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

const fleetAt = loginFleets();

describe.each(serverKinds)("%s", (kind) => {
  let fleet: LoginFleet;
  let config: string;
  let entries: string;
  const home = () => fleet.folder.folder;
  const folder = () => join(home(), ".config/ssh-trust/ssh");
  const configure = (line: string, env: Record<string, string> = {}) => fleet.asAliceInHost(["config", ...line.split(" ")], env);
  const install = () => configure(`install --yes --file ${config}`);
  const ssh = (...args: readonly string[]) => run("ssh", ["-F", config, "-o", "BatchMode=yes", ...args], { env: fleet.env });
  const asked = async (host: string, file: string) => (await run("ssh", ["-F", file, "-G", host])).stdout;
  /** No server has a part in it. */
  const onOne = kind === "OpenBao" ? test : undefined;

  beforeAll(() => {
    fleet = fleetAt(kind);
    config = join(home(), "persons_config");
  });
  beforeEach(async () => {
    entries = await readFile(fleet.config, "utf8");
    await writeFile(config, entries, { mode: 0o600 });
    await rm(join(home(), ".config"), { recursive: true, force: true });
  });

  describe("refused, and nothing is written", () => {
    onOne?.each([
      ["install", "[USAGE]", "nobody can be asked here: give --yes", 2],
      ["install --yes --file /nonexistent/there/config", "[CONFIG_NOT_WRITABLE]", "Include ", 1],
      ["print extra", "[USAGE]", "too many arguments", 2],
      ["remove --vault nowhere", "[SETTING_INVALID]", "--vault", 2],
    ])("config %s", async (line, code, says, status) => {
      const { exit, stdout, stderr } = await configure(line);
      expect({ exit, stdout, stderr }).toEqual({ exit: status, stdout: "", stderr: expect.stringContaining(code) });
      expect(stderr).toContain(says);
      expect(await readdir(home())).not.toContain(".config");
    });

    test("somebody of no group, and a token that is not good", async () => {
      const stranger = await fleet.must("auth/token/create-orphan", { body: { policies: ["default"], ttl: "1h" } });
      for (const [token, code] of [
        [stranger.auth?.client_token ?? "", "SIGN_IN_WITHOUT_GROUP"],
        ["s.nobody", "SIGN_IN_OVER"],
      ] as const) {
        const { exit, stderr } = await configure(`install --yes --file ${config}`, { VAULT_TOKEN: token });
        expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(`[${code}]`) });
      }
      expect(await readFile(config, "utf8")).toBe(entries);
    });
  });

  test("installed twice, printed, and removed", async () => {
    const { exit, stderr } = await install();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining("does what the fleet says") });
    expect(stderr).toContain("Host web-*.example.org www.example.org db-*.example.org");
    expect(stderr).toMatch(/^ {2}Match host web-\*\.example\.org,www\.\S+ exec "\/bin\/sh -c '/m);
    expect(stderr.replace(/\s+/g, " ")).toContain("type full names, such as web-1.example.org");
    const installed = await readFile(config, "utf8");
    expect(installed).toBe(`Include ${folder()}/*.conf\n${entries}`);
    expect(await install()).toMatchObject({ exit: 0, stderr: expect.stringContaining("there is nothing to do") });
    expect(await readFile(config, "utf8")).toBe(installed);

    const printed = await configure("print");
    const pasted = join(home(), "pasted_config");
    await writeFile(pasted, `${printed.stdout}\n${entries}`);
    for (const host of ["web-1.example.org", "www.example.org", "github.com"])
      expect(await asked(host, pasted)).toBe(await asked(host, config));

    const removed = await configure(`remove --file ${config}`);
    expect(removed).toMatchObject({ exit: 0, stderr: expect.stringContaining("the agent still runs: ssh-trust agent stop") });
    expect(await readFile(config, "utf8")).toBe(entries);
    expect(await readdir(home())).not.toContain(".config");
    expect(await configure(`remove --file ${config}`)).toMatchObject({ exit: 0, stderr: `${config} has no line of ssh-trust` });
  });

  onOne?.("without --file: the file in the home that the system has, which ssh reads, and not HOME", async () => {
    const other = join(home(), "other_home");
    await mkdir(other, { recursive: true });
    const users = join(home(), "passwd");
    const text = await readFile("/etc/passwd", "utf8");
    const uid = String(process.getuid?.() ?? 0);
    await writeFile(users, text.replace(new RegExp(`^([^:]*:[^:]*:${uid}:[^:]*:[^:]*:)[^:]*`, "m"), `$1${other}`));
    // In a file system of its own, where /etc/passwd is another one.
    const there = (program: string, ...args: readonly string[]) =>
      run("unshare", ["--mount", "sh", "-euc", 'mount --bind "$0" /etc/passwd; exec "$@"', users, program, ...args], {
        env: fleet.env,
      });
    const { exit, stderr } = await there(process.execPath, sshTrustFile, "config", "install", "--yes");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(`HOME is ${home()}, but ssh reads`) });
    expect(await readFile(join(other, ".ssh/config"), "utf8")).toBe(`Include ${folder()}/*.conf\n`);
    expect((await stat(join(other, ".ssh"))).mode & 0o777).toBe(0o700);
    expect((await there("ssh", "-G", "web-1.example.org")).stdout).toContain("\nstricthostkeychecking true\n");
    expect((await there(process.execPath, sshTrustFile, "config", "remove")).exit).toBe(0);
    expect(await readdir(other)).toEqual([]);
    expect(await readdir(home())).not.toContain(".config");
  });

  test("what is against it is told before and after, with file and line, and ends with 1", async () => {
    await writeFile(config, `${entries}Host *\n  CertificateFile ~/.ssh/own-cert.pub\n`);
    const { exit, stderr } = await install();
    const line = entries.split("\n").length + 2;
    expect({ exit, stderr: stderr.replace(/\s+/g, " ") }).toEqual({
      exit: 1,
      stderr: expect.stringContaining(`${config} line ${String(line)}: CertificateFile ~/.ssh/own-cert.pub has ssh offer`),
    });
  });

  test("a login brings it to what the fleet is now, and fails for nothing of it", async () => {
    await install();
    const [block = ""] = (await readdir(folder())).filter((name) => name.endsWith(".conf"));
    const text = await readFile(join(folder(), block), "utf8");
    const token = join(home(), "token");
    await writeFile(token, fleet.token, { mode: 0o600 });
    const login = () => fleet.asAlice(["login", "--method", "token", "--token-file", token], { VAULT_TOKEN: "" });
    expect((await login()).stderr).not.toContain("was updated to the fleet as it is now");
    await fleet.asAlice(["agent", "stop"], { VAULT_TOKEN: "" }); // it, too, writes them again, and may be first
    await writeFile(join(folder(), block), text.replace("db-*.example.org", "old-*.example.org"));
    expect(await login()).toMatchObject({ exit: 0, stderr: expect.stringContaining("was updated to the fleet as it is now") });
    expect(await readFile(join(folder(), block), "utf8")).toBe(text);
    await fleet.asAlice(["agent", "stop"]);

    const known = join(folder(), block.replace(/\.conf$/, ".known_hosts"));
    const good = await readFile(known, "utf8");
    const log = join(home(), "agent.log");
    /** What an agent notes when it learns of the fleet. */
    const noted = async (what: string) => {
      await rm(log, { force: true });
      const agent = spawn(process.execPath, [sshTrustFile, "agent", "run", "--log", log], {
        env: { ...process.env, ...fleet.env, VAULT_TOKEN: "" },
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => agent.once("exit", resolve));
      await until(what, 30, async () => (await readFile(log, "utf8").catch(() => "")).includes(what));
      agent.kill();
      await ended;
    };
    await writeFile(known, "");
    await noted("note what config install wrote for ssh was updated to the fleet as it is now\n");
    expect(await readFile(known, "utf8")).toBe(good);
    await rm(known);
    await mkdir(known);
    await noted("note the ssh configuration could not be updated: E");
    const { exit, stderr } = await login();
    expect({ exit, said: stderr.replace(/\s+/g, " ") }).toEqual({
      exit: 0,
      said: expect.stringContaining("what config install wrote for ssh no longer matches the fleet: E"),
    });
    await fleet.asAlice(["agent", "stop"]);
    await rm(folder(), { recursive: true });
    await writeFile(folder(), "");
    expect((await login()).exit).toBe(0);
  });

  test("whoever writes the fleet in Vault takes over no host elsewhere", async () => {
    await install();
    const others = ["git@github.com", "www.github.com"];
    const before = await Promise.all(others.map((host) => asked(host, config)));
    const token = join(home(), "token");
    await writeFile(token, fleet.token, { mode: 0o600 });
    const login = async () => {
      const { exit, stderr } = await fleet.asAlice(["login", "--method", "token", "--token-file", token], { VAULT_TOKEN: "" });
      return { exit, said: stderr.replace(/\s+/g, " ") };
    };
    const told = (said: string) => ({ exit: 0, said: expect.stringContaining(said) });
    const entry = "ssh-trust/data/fleet";
    const stored = (await fleet.must(entry)).data?.["data"] as { fleet: { hosts: { names: string[] }[] } };
    const [web, ...rest] = stored.fleet.hosts;
    const overwrite = (domains: readonly string[], names: readonly string[], also: readonly string[]) =>
      fleet.must(entry, {
        body: { data: { ...stored, fleet: { ...stored.fleet, domains, hosts: [{ ...web, names, also }, ...rest] } } },
      });
    const untouched = async () => {
      expect(await Promise.all(others.map((host) => asked(host, config)))).toEqual(before);
      for (const name of (await readdir(folder())).filter((each) => each.endsWith(".known_hosts"))) {
        const { exit, stdout } = await run("ssh-keygen", ["-F", "github.com", "-f", join(folder(), name)]);
        expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
      }
    };
    try {
      await overwrite(["org", "com"], ["*.com", "*.org"], ["github.com"]);
      expect(await login()).toEqual(told('"org" is a public suffix'));
      await untouched();
      await overwrite(["example.org"], web?.names ?? [], ["github.com"]);
      expect(await login()).toEqual(told('"github.com" is not below a domain of the fleet'));
      await untouched();
      await overwrite(["example.org", "github.com"], ["web-*.example.org", "*.github.com"], ["new.example.org"]);
      expect(await login()).toEqual(told("the fleet now has names below github.com, which you have not accepted"));
      await untouched();
      expect(await asked("new.example.org", config)).toContain("\nstricthostkeychecking true\n");
      expect((await login()).said).toContain(`ssh-trust config install --file ${config}`);
      const shown = (await install()).stderr.replace(/\s+/g, " ");
      expect(shown).toContain("from now on login follows the fleet for names below github.com");
      expect(await asked("www.github.com", config)).not.toBe(before[1]);
    } finally {
      await fleet.must(entry, { body: { data: stored } });
    }
  });

  onOne?.("where no certificate can come, plain ssh says why, for hosts of the fleet only", async () => {
    await install();
    const own = (args: string) => fleet.asAlice(args.split(" "), { VAULT_TOKEN: "", BAO_TOKEN: "" });
    const says = async (to = "deploy@web-1.example.org") => (await ssh(to, "true")).stderr.replaceAll("\r", "");
    await own("agent stop");
    const sessions = (await readdir(join(fleet.runtime, "ssh-trust"))).filter((each) => each.endsWith(".json"));
    for (const each of sessions) await rm(join(fleet.runtime, "ssh-trust", each)); // a logout would revoke the token
    const denied = "deploy@127.0.0.1: Permission denied (publickey).";
    expect(await says()).toBe(`ssh-trust: the agent is not running: ssh-trust login, or ssh-trust agent start\n${denied}`);
    expect(await says("deploy@elsewhere.example.com")).not.toContain("ssh-trust");
    await succeeds(own("agent start"));
    const notice = join(fleet.runtime, "ssh-trust/agent.notice");
    await until(
      "the agent to look",
      10,
      () =>
        readFile(notice).then(
          () => true,
          () => false,
        ),
      20,
    );
    expect(await says()).toBe(`ssh-trust: nobody is signed in: ssh-trust login\n${denied}`);
    const token = join(home(), "token");
    await writeFile(token, fleet.token, { mode: 0o600 });
    await succeeds(own(`login --method token --token-file ${token}`));
    expect(await says()).toBe("");
    await writeFile(notice, "ssh-trust: of an agent before\n");
    await succeeds(own("agent stop"));
    expect(await says()).toContain("the agent is not running");
    const { stderr } = await own("whoami");
    expect(stderr.replace(/\s+/g, " ")).toContain("the agent is not running: ssh-trust agent start");
    expect(await says()).not.toContain("before");
  });

  onOne?.("where Vault takes the token no more, plain ssh says so, after a first login that was refused", async () => {
    await install();
    const own = (args: string) => fleet.asAlice(args.split(" "), { VAULT_TOKEN: "", BAO_TOKEN: "" });
    const token = join(home(), "token");
    const another = await signedIn(fleet.server, "zoe");
    const zoe = String((await fleet.must("identity/entity/name/zoe")).data?.["id"]);
    await setMembers(fleet, "platform", (members) => [...members, zoe]);
    await writeFile(token, another, { mode: 0o600 });
    await succeeds(own(`login --method token --token-file ${token}`));
    await fleet.must("auth/token/revoke", { body: { token: another } });
    const login = () => ssh("deploy@web-1.example.org", "true");
    expect(await login()).toMatchObject({ exit: 255, stderr: expect.stringContaining("Permission denied (publickey)") });
    const why = `ssh-trust: Vault at ${fleet.server.address} no longer accepts the sign-in: ssh-trust login`;
    await until("ssh to say why", 30, async () => (await login()).stderr.includes(why));
    await own("logout --all");
    await own("agent stop");
  });

  describe("plain ssh", () => {
    let agent: ChildProcess;
    beforeEach(async () => {
      expect((await install()).exit).toBe(0);
      await succeeds(fleet.asAliceInHost(["agent", "stop"])); // ours, which install has started
      const socket = join(fleet.runtime, "ssh-trust/agent.sock");
      await mkdir(dirname(socket), { recursive: true, mode: 0o700 });
      await rm(socket, { force: true });
      agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
      // In the place of ours, which may have had something to say.
      await writeFile(join(dirname(socket), "agent.pid"), `${String(agent.pid)}\n`);
      await rm(join(dirname(socket), "agent.notice"), { force: true });
      await until(
        "the agent's socket",
        10,
        () =>
          stat(socket).then(
            () => true,
            () => false,
          ),
        20,
      );
      const key = join(home(), "own");
      for (const ending of ["", ".pub", "-cert.pub"]) await rm(`${key}${ending}`, { force: true });
      await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]));
      await succeeds(fleet.asAliceInHost(["sign", `${key}.pub`, "--on", "web", "--rule", "platform-web"]));
      await succeeds(run("ssh-add", ["-q", key], { env: { SSH_AUTH_SOCK: socket } }));
    });
    afterEach(() => {
      agent.kill();
    });

    test("logs in by a certificate that the agent has, without a question", async () => {
      expect(await ssh("deploy@web-1.example.org", "echo in")).toMatchObject({ exit: 0, stdout: "in", stderr: "" });
    });

    test("believes no host without a certificate of the fleet, whatever the person's own known hosts say", async () => {
      await using other = await fleet.sshd({});
      const known = join(home(), "own_known_hosts");
      const key = (await readFile(`${fleet.hostKey}.pub`, "utf8")).trim();
      await writeFile(known, `* ${key}\n`);
      const more = `${entryOf("web-7.example.org", other.port)}Host *\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking no\n`;
      await writeFile(config, `${await readFile(config, "utf8")}${more}`);
      const { exit, stderr } = await ssh("deploy@web-7.example.org", "true");
      expect({ exit, stderr }).toEqual({ exit: 255, stderr: expect.stringContaining("no matching host key type found") });
    });
  });
});
