/** `ssh-trust trace` against the lab's hosts. Where nobody lets anybody in, and hosts that do what no sshd does: test/programs/trace*. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { isValidAt } from "../../src/ssh/certificate-validity.js";
import { taskInHost as task } from "../support/in-host.js";
import { type Ran, root, run, sshOptions, sshTrustFile, succeeds, until } from "../support/project.js";

jest.setTimeout(180_000);

const trace = (...args: string[]): Promise<Ran> =>
  run(process.execPath, [sshTrustFile, "trace", ...sshOptions, "-o", "StrictHostKeyChecking=yes", ...args]);
const login = (port: number, person: "alice" | "bob", ...args: string[]): Promise<Ran> =>
  trace("-p", String(port), "-i", `ssh-keys/${person}_id_rsa`, ...args, "admin-ssh-user@localhost");

beforeAll(async () => {
  const tasks = [
    ...["start-ssh-with-authorized-keys", "start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca"],
    "create-known-hosts",
  ];
  for (const name of tasks) {
    const { exit, all } = await task(name);
    expect({ exit, all }).toEqual({ exit: 0, all });
  }
  await succeeds(task("sign-user-key", ["alice"]));
  // Bob has none here; an earlier file may have left him one.
  await rm(join(root, "ssh-keys/bob_id_rsa-cert.pub"), { force: true });
}, 240_000);

describe("refused", () => {
  test.each([
    [
      "in phase 2, where the host has no certificate",
      1022,
      "bob",
      /phase 2, [^:]*: no known_hosts file has a key for \[localhost\]:1022/,
    ],
    [
      "in phase 3, with a key that the host does not know",
      2022,
      "alice",
      /phase 3, [^:]*: permission denied for admin-ssh-user; tried: the key ssh-keys\/alice_id_rsa/,
    ],
    [
      "in phase 3, without a certificate",
      3022,
      "bob",
      /phase 3, [^:]*: permission denied for admin-ssh-user; tried: the key ssh-keys\/bob_id_rsa/,
    ],
  ] as const)("%s", async (_what, port, person, says) => {
    const { stdout, stderr, exit } = await login(port, person);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/\[TRACE_REFUSED\]\nssh-trust: hint: .+/);
    expect(stdout).toMatch(/✗ the end: /);
    expect(stdout).not.toContain("logged in after");
    expect(exit).toBe(1);
  });

  test("with a certificate that has expired: the trace says since when", async () => {
    await succeeds(task("sign-user-key", ["alice", "--ttl", "1s"]));
    const certificate = parseCertificate(await readFile(join(root, "ssh-keys/alice_id_rsa-cert.pub"), "utf8"));
    await until("the certificate to end", 10, () => Promise.resolve(!isValidAt(certificate, new Date())));
    const { stderr, exit } = await login(3022, "alice");
    await task("sign-user-key", ["alice"]);
    expect(stderr).toMatch(/the certificate of ssh-keys\/alice_id_rsa expired at 20\d\d-/);
    expect(exit).toBe(1);
  });
});

describe("logged in", () => {
  test("by a key, to a host with a certificate", async () => {
    const { stdout, exit } = await login(2022, "bob");
    expect(stdout).toContain("the CA is known for “localhost”: line 1 of ./known_hosts");
    expect(stdout).toMatch(/authorized_keys:1/);
    expect(stdout).toMatch(/logged in after [\d.]+ ms; the command ended with exit status 0/);
    expect(exit).toBe(0);
  });

  test("by a certificate; as JSON", async () => {
    const { stdout, exit } = await login(3022, "alice", "--format", "json");
    const { phases, exitStatus, loggedIn } = JSON.parse(stdout) as {
      loggedIn: boolean;
      exitStatus: number;
      phases: { stage: string; took: number; entries: { what: string; facts: { name: string; value: string }[] }[] }[];
    };
    expect({ loggedIn, exitStatus }).toEqual({ loggedIn: true, exitStatus: 0 });
    expect(phases.map(({ stage }) => stage)).toEqual(["setup", "host", "user", "session"]);
    for (const { took } of phases) expect(took).toBeGreaterThan(0);
    const probe = phases[2]?.entries.find(({ what }) => what.includes("the certificate of ssh-keys/alice_id_rsa"));
    expect(probe?.facts).toContainEqual({ name: "for the user", value: "admin-ssh-user" });
    expect(exit).toBe(0);
  });

  test("a command that fails is no refused login; what it says is talk", async () => {
    const { stdout, stderr, exit } = await trace(
      ...["-p", "2022", "-i", "ssh-keys/bob_id_rsa", "admin-ssh-user@localhost", "--", "echo said; echo complained >&2; exit 3"],
    );
    expect(stdout).toContain("the command ended with exit status 3");
    expect(stderr.split("\n").sort()).toEqual(["complained", "said"]);
    expect(exit).toBe(0);
  });

  test("a command that writes what looks like ssh's log is not believed", async () => {
    const { stdout, all } = await trace(
      ...["-p", "2022", "-i", "ssh-keys/bob_id_rsa", "--format", "json", "admin-ssh-user@localhost", "--"],
      "printf 'debug1: Exit status 7\\r\\ndebug1: clientloop.c:x():1 (pid=1): Exit status 8\\r\\n' >&2",
    );
    expect(all).toContain("debug1: Exit status 7");
    expect((JSON.parse(stdout) as { exitStatus: number }).exitStatus).toBe(0);
  });

  test("a configuration that silences ssh, shares connections, runs commands and stays in the background changes nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ssh-trust-trace-"));
    const config = join(folder, "config");
    const settings = [
      ...["LogLevel QUIET", "ControlMaster auto", `ControlPath ${folder}/%C`, "ControlPersist yes", "RemoteCommand hostname"],
      ...["RequestTTY force", "LocalForward 1 a:1", "SessionType none", "ForkAfterAuthentication yes"],
      ...["PermitLocalCommand yes", `LocalCommand touch ${folder}/touched`],
    ];
    await writeFile(config, ["Host *", ...settings].join("\n  "));
    const args = ["-F", config, "-p", "2022", "-i", "ssh-keys/bob_id_rsa", "admin-ssh-user@localhost", "--", "exit 3"];
    const { stdout, exit } = await trace(...args);
    expect(stdout).toMatch(/logged in after [\d.]+ ms; the command ended with exit status 3/);
    expect(await readdir(folder)).toEqual(["config"]);
    expect(exit).toBe(0);
    await rm(folder, { recursive: true });
  });

  test("as a page, for its owner only", async () => {
    const file = join(root, ".lab/trace-test.html");
    expect((await login(2022, "bob", "--report", file)).exit).toBe(0);
    expect(await readFile(file, "utf8")).toContain("<title>Logged in: admin-ssh-user@localhost</title>");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(file);
  });
});
