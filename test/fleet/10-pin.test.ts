/** `ssh-trust hosts` and `ssh-trust ssh --pin`: by a real directory, to real sshds, on both servers. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { startDirectory, type Running } from "../support/directory.js";
import { entryOf, openLoginFleet, type LoginFleet } from "../support/login-fleet.js";
import type { OwnSshd } from "../support/own-sshd.js";
import { run, succeeds, until } from "../support/project.js";
import { freePort, serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

const old = "old-1.example.org";
/** What nobody is told here: to delete a key, or to check none. */
const badAdvice = /ssh-keygen -R|ssh-keygen -f|-R ['"]|IDENTIFICATION HAS CHANGED|StrictHostKeyChecking|Offending/;

describe.each(serverKinds)("%s", (kind) => {
  let fleet: LoginFleet;
  let directory: Running;
  let sshd: OwnSshd;
  const opened: AsyncDisposable[] = [];
  const file = (name: string) => join(fleet.folder.folder, name);
  const config = () => file("pin_config");
  const host = (args: string) =>
    fleet.folder.sshTrust(["host", ...args.split(" ")], fleet.registrar, { VAULT_ADDR: fleet.server.address });
  const hosts = (args = "", env = {}) => fleet.asAliceInHost(["hosts", ...args.split(" ").filter((each) => each !== "")], env);
  const pin = (line: string, env = {}) => fleet.asAlice(["ssh", "--pin", "-F", config(), ...line.split(" ")], env);
  const fingerprint = async (key: string) => (await run("ssh-keygen", ["-lf", `${key}.pub`])).stdout.split(" ")[1] ?? "";
  const left = async () => (await readdir(fleet.runtime)).filter((name) => name.startsWith("ssh-trust-"));
  /** An sshd that knows Alice's own key, and no CA. */
  const appliance = async (hostKeys: readonly string[]) => {
    const [hostKey = "", ...others] = hostKeys;
    const own = (await readFile(file("id_ed25519.pub"), "utf8")).trim();
    const more = `AuthorizedKeysCommand /bin/echo ${own}\nAuthorizedKeysCommandUser nobody\n`;
    const one = await fleet.sshd({ hostKey, more: `${more}${others.map((each) => `HostKey ${each}\n`).join("")}` });
    opened.push(one);
    return one;
  };
  const leadsTo = (port: number) =>
    writeFile(
      config(),
      `${entryOf(old, port)}${entryOf("jump-1.example.org", fleet.sshds["jump-1"].port)}Host *\n  IdentityFile ${file("id_ed25519")}\n  StrictHostKeyChecking no\n  UserKnownHostsFile ${file("raw_known_hosts")}\n`,
    );

  beforeAll(async () => {
    const port = await freePort();
    fleet = await openLoginFleet(kind, `directory: { address: "https://localhost:${String(port)}" }\n`);
    for (const [name, type] of [
      ["id_ed25519", "ed25519"],
      ["old_ed25519", "ed25519"],
      ["old_rsa", "rsa"],
      ["new_ed25519", "ed25519"],
      ["new_ecdsa", "ecdsa"],
    ] as const)
      await succeeds(run("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file(name)]));
    await writeFile(
      file("old.pub"),
      `${await readFile(file("old_ed25519.pub"), "utf8")}${await readFile(file("old_rsa.pub"), "utf8")}`,
    );
    await succeeds(host(`add --uncertified ${old} --keys old.pub`));
    directory = await startDirectory(fleet, port);
    sshd = await appliance([file("old_ed25519"), file("old_rsa")]);
    await leadsTo(sshd.port);
  }, 300_000);
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  describe("ssh --pin: refused", () => {
    test.each<[line: string, code: string, says: string]>([
      ["deploy@old-404.example.org", "PIN_HOST_UNKNOWN", "ssh-trust hosts; "],
      ["deploy@web-1.example.org", "PIN_HOST_ENROLLED", "ssh-trust ssh deploy@web-1.example.org"],
      ["--rule platform-web deploy@old-1.example.org", "USAGE", "it has no meaning with --pin"],
    ])("%s: %s", async (line, code, says) => {
      const args = line.startsWith("--rule") ? line.split(" ").slice(0, 2) : [];
      const to = line.split(" ").at(-1) ?? "";
      const { exit, stdout, stderr } = await fleet.asAlice(["ssh", ...args, "--pin", "-F", config(), to, "true"]);
      expect({ exit, stdout, stderr }).toEqual({ exit: 255, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
      expect(stderr).toContain(says);
    });

    test("another machine with another key: what is expected, what is seen, and nothing is sent there", async () => {
      const other = await appliance([file("new_ed25519"), file("new_ecdsa")]);
      await leadsTo(other.port);
      const { exit, stdout, stderr } = await pin(`deploy@${old} true`);
      await leadsTo(sshd.port);
      expect({ exit, stdout, stderr }).toEqual({ exit: 255, stdout: "", stderr: expect.stringContaining("[PIN_KEYS_DIFFER]") });
      expect(stderr).toContain(
        `ED25519: expected ${await fingerprint(file("old_ed25519"))}, seen ${await fingerprint(file("new_ed25519"))}`,
      );
      expect(stderr).toContain(`RSA: expected ${await fingerprint(file("old_rsa"))}, seen none`);
      expect(stderr).toContain(`ECDSA: expected none, seen ${await fingerprint(file("new_ecdsa"))}`);
      expect(stderr).not.toMatch(badAdvice);
      expect(await other.log()).not.toContain("Accepted");
      expect(await other.log()).not.toContain("userauth-request");
      expect(await left()).toEqual([]);
    });

    test("a machine without any of the known types, and one of whose keys is the known one where the other is not", async () => {
      const none = await appliance([file("new_ecdsa")]);
      await leadsTo(none.port);
      const unknown = await pin(`deploy@${old} true`);
      expect(unknown.stderr).toContain("[PIN_KEYS_DIFFER]");
      expect(unknown.stderr).toContain(`ECDSA: expected none, seen ${await fingerprint(file("new_ecdsa"))}`);
      expect(unknown.stderr).not.toMatch(badAdvice);
      const half = await appliance([file("new_ed25519"), file("old_rsa")]);
      await leadsTo(half.port);
      const differs = await pin(`deploy@${old} true`);
      await leadsTo(sshd.port);
      expect(differs.stderr).toContain("[PIN_KEYS_DIFFER]");
      expect(differs.stderr).toContain("RSA: expected " + (await fingerprint(file("old_rsa"))) + ", seen the same");
    });

    test("whatever the person's own options say", async () => {
      const other = await appliance([file("new_ed25519")]);
      await leadsTo(other.port);
      const options = "-q -o StrictHostKeyChecking=no -o HostKeyAlgorithms=ssh-ed25519 -o NoHostAuthenticationForLocalhost=yes";
      const { exit, stdout, stderr } = await pin(`${options} deploy@${old} true`);
      const loud = await pin(`-vv deploy@${old} true`);
      await leadsTo(sshd.port);
      expect({ exit, stdout }).toEqual({ exit: 255, stdout: "" });
      expect(stderr).toContain("[PIN_KEYS_DIFFER]");
      expect(loud.stderr).toContain("debug1: Connecting to");
      expect(loud.stderr).toContain("[PIN_KEYS_DIFFER]");
      expect(loud.stderr).not.toMatch(badAdvice);
      expect(await other.log()).not.toContain("Accepted");
    });
  });

  describe("ssh --pin: the host that the directory means", () => {
    test("is logged in to with the person's own key; nothing is remembered, and nothing is left", async () => {
      const { exit, stdout, stderr } = await pin(`deploy@${old} echo here; echo there >&2; exit 7`);
      expect({ exit, stdout, stderr }).toEqual({ exit: 7, stdout: "here", stderr: "there" });
      expect(await readFile(file("raw_known_hosts"), "utf8").catch(() => "")).not.toContain("old-1");
      expect(await left()).toEqual([]);
    });
    test("whatever is said of ssh's log", async () => {
      for (const option of ["-y", `-E ${file("ssh.log")}`]) {
        expect(await pin(`${option} deploy@${old} echo here`)).toMatchObject({ exit: 0, stdout: "here", stderr: "" });
      }
    });
    test("what ssh says reaches the person: of a refused person, of a host that is away", async () => {
      const refused = await pin(`-o PubkeyAuthentication=no deploy@${old} true`);
      expect(refused.exit).toBe(255);
      expect(refused.stderr).toContain("Permission denied");
      const away = await pin(`-p 1 deploy@${old} true`);
      expect(away).toMatchObject({ exit: 255, stderr: expect.stringContaining("Connection refused") });
    });
    test("by each type of its keys", async () => {
      for (const type of ["ed25519", "rsa"]) {
        const only = await appliance([file(`old_${type}`)]);
        await leadsTo(only.port);
        expect(await pin(`deploy@${old} true`)).toMatchObject({ exit: 0, stderr: "" });
      }
      await leadsTo(sshd.port);
    });
    test("through a jump host, by the person's own configuration", async () => {
      const jump = await appliance([file("new_ecdsa")]);
      const through = (await readFile(config(), "utf8")).replace(
        `Host ${old}\n`,
        `Host jump\n  HostName 127.0.0.1\n  Port ${String(jump.port)}\n  User ops\nHost ${old}\n  ProxyJump jump\n`,
      );
      await writeFile(file("jump_config"), through);
      const call = ["ssh", "--pin", "-F", file("jump_config"), `deploy@${old}`, "echo", "through"];
      expect(await fleet.asAlice(call)).toMatchObject({ exit: 0, stdout: "through" });
      expect(await jump.log()).toContain("Accepted publickey for ops");
      const other = await appliance([file("new_ed25519")]);
      await writeFile(file("jump_config"), through.replace(`Port ${String(sshd.port)}\n`, `Port ${String(other.port)}\n`));
      const differs = await fleet.asAlice(call);
      expect(differs).toMatchObject({ exit: 255, stdout: "", stderr: expect.stringContaining("[PIN_KEYS_DIFFER]") });
      expect(differs.stderr).toContain(`seen ${await fingerprint(file("new_ed25519"))}`);
      expect(differs.stderr).not.toMatch(badAdvice);
    });
  });

  describe("hosts", () => {
    test("all, with their group and state", async () => {
      const { exit, stdout, stderr } = await hosts();
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^as of \d+ \S+ ago$/) });
      expect(stdout).toMatch(/^old-1\.example\.org +- +without certificates: an operator gave its keys/m);
      expect(stdout).toMatch(/^web-1\.example\.org +web +not enrolled yet/m);
      expect((await hosts("--group web")).stdout).not.toContain("old-1");
      expect((await hosts("--filter uncertified")).stdout).toContain("old-1");
      expect((await hosts("--search zzz")).stderr).toContain("the directory shows no such host");
      const data = JSON.parse((await hosts("--format json")).stdout) as { hosts: { name: string }[] };
      expect(data.hosts.map(({ name }) => name)).toContain(old);
      const completed = await fleet.asAlice(["completion", "--complete", "bash", "--", "ssh", "--pin", "old"]);
      expect(completed.stdout.split("\n")).toContain(old);
    });
    test("one: its fingerprints, its lines of known_hosts, and how to log in", async () => {
      const { exit, stdout } = await hosts(old);
      expect(exit).toBe(0);
      expect(stdout).toContain(`256 ${await fingerprint(file("old_ed25519"))} (ED25519)`);
      const md5 = (await run("ssh-keygen", ["-E", "md5", "-lf", file("old_rsa.pub")])).stdout.split(" ")[1] ?? "none";
      expect(stdout).toContain(md5);
      expect(stdout).toContain(`${old} ${(await readFile(file("old_ed25519.pub"), "utf8")).trim()}`);
      expect(stdout).toContain(`ssh-trust ssh --pin <account>@${old}`);
    });
    test.each([
      ["hosts old-404.example.org", "DIRECTORY_HOST_UNKNOWN", 1],
      ["hosts Old-1.example.org", "HOST_NAME_INVALID", 2],
      ["hosts --console log", "USAGE", 2],
      ["hosts old-1.example.org --group web", "USAGE", 2],
      ["hosts old-1.example.org --console nowhere", "DIRECTORY_CONSOLE_UNREADABLE", 1],
    ])("%s: %s", async (line, code, exit) => {
      expect(await fleet.asAliceInHost(line.split(" "))).toMatchObject({ exit, stderr: expect.stringContaining(`[${code}]`) });
    });
    test("a console's log: this host's keys, another's, and none", async () => {
      const listed = async (key: string) => (await run("ssh-keygen", ["-lf", `${key}.pub`])).stdout;
      await writeFile(file("same.log"), `[ 1.0] ec2: ${await listed(file("old_ed25519"))}\r\n`);
      await writeFile(file("other.log"), `${await listed(file("new_ed25519"))}\n`);
      await writeFile(file("empty.log"), "login:\n");
      expect(await hosts(`${old} --console same.log`)).toMatchObject({ exit: 0, stdout: expect.stringContaining("same") });
      const other = await hosts(`${old} --console other.log`);
      expect(other).toMatchObject({ exit: 1, stderr: expect.stringContaining("[DIRECTORY_CONSOLE_DIFFERENT]") });
      expect(other.stderr).toContain(await fingerprint(file("new_ed25519")));
      expect((await hosts(`${old} --console empty.log`)).stderr).toContain("[DIRECTORY_CONSOLE_EMPTY]");
    });
  });

  test("the directory gets no token of Vault, and is not believed without a certificate that is trusted", async () => {
    const untrusted = await hosts("", { VAULT_CACERT: "" });
    expect(untrusted.exit).toBe(1); // Vault's own comes first
    const stranger = await fleet.must("auth/token/create-orphan", {
      body: { policies: ["default", "ssh-trust-signed-in", "ssh-trust-people-platform"], ttl: "1h" },
    });
    const nobody = await hosts("", { VAULT_TOKEN: stranger.auth?.client_token ?? "" });
    expect(nobody.stderr).toContain("[DIRECTORY_PROOF_MISSING]");
  });

  test("a directory whose token is worth nothing any more tells what it knew, and says each time that it is old", async () => {
    const token = (await readFile(directory.tokenFile, "utf8")).trim();
    await fleet.must("auth/token/revoke", { method: "POST", body: { token } });
    const isStale = async () => (JSON.parse((await hosts("--format json")).stdout) as { stale: boolean }).stale;
    await until("the directory to notice", 30, isStale, 500);
    const stale = expect.stringMatching(/stale: Vault does not answer the directory; this is what it knew \d+ \S+ ago/);
    expect(await hosts()).toMatchObject({ exit: 0, stderr: stale, stdout: expect.stringContaining(old) });
    const one = await hosts(old);
    expect(one).toMatchObject({ exit: 0, stdout: expect.stringContaining(await fingerprint(file("old_ed25519"))) });
    expect(one.all).toEqual(stale);
    expect(await pin(`deploy@${old} echo here`)).toMatchObject({ exit: 0, stdout: "here", stderr: stale });
  });

  test("a directory that does not answer is not waited for, for ever", async () => {
    directory.process.kill("SIGSTOP");
    const hung = await hosts(old);
    directory.process.kill("SIGCONT");
    expect(hung).toMatchObject({ exit: 1, stderr: expect.stringContaining("[DIRECTORY_UNREACHABLE]") });
    expect(hung.stderr).toContain("no answer within 10 s");
  });
});
