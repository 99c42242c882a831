/**
 * Ansible and rsync over ten hosts, as somebody has them who ran `config install` and `login`: ssh reads their ~/.ssh/config, and nothing
 * else is set.
 */
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fetchAnsible } from "../../lab/toolchain/ansible.js";
import { resolveRsync } from "../../lab/toolchain/clients.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { agentOf, type RunningAgent } from "../support/agent.js";
import { entryOf, openLoginFleet, type LoginFleet } from "../support/login-fleet.js";
import type { OwnSshd } from "../support/own-sshd.js";
import { run, sshTrustFile, succeeds, type Ran } from "../support/project.js";

jest.setTimeout(180_000);

const names = Array.from({ length: 10 }, (_, index) => `web-${String(index + 11)}`);
const domain = "example.org";
const fleetNames = names.map((name) => `${name}.${domain}`);
/** Hers on the group web: each has a certificate of its own. */
const rules = 2;

let fleet: LoginFleet;
let agent: RunningAgent;
/** What accounts of hosts may read and write. */
let shared: string;
let environment: Record<string, string>;
const sshds = new Map<string, OwnSshd>();
const file = (name: string) => join(fleet.folder.folder, name);

/** In a mount namespace where /etc/passwd has the folder as the home of whoever runs the tests: ssh looks for its configuration there. */
const atHome = (program: string, ...args: readonly string[]): Promise<Ran> =>
  run("unshare", ["--mount", "sh", "-euc", 'mount --bind "$0" /etc/passwd; exec "$@"', file("passwd"), program, ...args], {
    env: environment,
    cwd: fleet.folder.folder,
  });
const ansible = (command: "adhoc" | "playbook", ...args: readonly string[]) =>
  atHome("python3", "-m", "ansible", command, "--inventory", file("inventory"), "--forks", "10", ...args);

/** How many logins each of the ten hosts has seen. */
const logins = () =>
  Promise.all(names.map(async (name) => (await sshds.get(name)?.log())?.match(/Accepted publickey for deploy /g)?.length ?? 0));
/** Of ansible-playbook's recap. */
const recap = ({ stdout }: Ran) => stdout.match(/^\S+ +: ok=\d+ .* failed=\d+/gm) ?? [];

/** Those that ansible left running, a minute long. */
async function endConnections(): Promise<void> {
  const folder = file(".ansible/cp");
  for (const name of await readdir(folder).catch(() => [])) {
    await run("ssh", ["-F", "none", "-o", `ControlPath=${join(folder, name)}`, "-O", "exit", "host"]);
  }
}

beforeAll(async () => {
  const settings = readLabSettings();
  await resolveRsync(settings, silent);
  const { path } = await fetchAnsible(settings, silent);
  fleet = await openLoginFleet("OpenBao");
  shared = await mkdtemp(join(tmpdir(), "ssh-trust-shared-"));
  await chmod(shared, 0o777);
  environment = { ...fleet.env, VAULT_TOKEN: "", BAO_TOKEN: "", PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1" };

  for (const [name, group] of [...names.map((name) => [name, "web"] as const), ["db-1", "db"] as const])
    sshds.set(name, await fleet.sshd({ group, hostCertificate: await fleet.certified(name, group) }));
  const users = await readFile("/etc/passwd", "utf8");
  const uid = String(process.getuid?.() ?? 0);
  const home = new RegExp(`^([^:]*:[^:]*:${uid}:[^:]*:[^:]*:)[^:]*`, "m");
  await writeFile(file("passwd"), users.replace(home, `$1${fleet.folder.folder}`));
  await mkdir(file(".ssh"), { mode: 0o700 });
  await writeFile(file(".ssh/config"), [...sshds].map(([name, { port }]) => entryOf(`${name}.${domain}`, port)).join(""));
  const variables = ["ansible_user=deploy", "ansible_python_interpreter=python3", `ansible_remote_tmp=${shared}/ansible`];
  const inventory = ["[all:vars]", ...variables, "[web]", ...fleetNames];
  await writeFile(file("inventory"), `${inventory.join("\n")}\n`);
  agent = await agentOf(fleet);
  await succeeds(atHome(process.execPath, sshTrustFile, "config", "install", "--yes"));
  await agent.look(); // so that a reserve is not among the certificates that are counted
}, 300_000);
afterAll(async () => {
  await endConnections();
  await agent[Symbol.asyncDispose]();
  for (const each of sshds.values()) await each[Symbol.asyncDispose]();
  await fleet[Symbol.asyncDispose]();
  await rm(shared, { recursive: true, force: true });
});

describe("ansible, with ten at a time", () => {
  /** What was signed, and how many logins each of the ten has seen, while something ran. */
  const during = async (work: () => Promise<Ran>) => {
    const [signed, seen] = [(await agent.status()).signatures, await logins()];
    const ran = await work();
    const each = (await logins()).map((count, index) => count - (seen[index] ?? 0));
    return { ran, signed: (await agent.status()).signatures - signed, logins: each };
  };
  const tasks = 2;
  const play = async (...args: readonly string[]) => {
    const marks = join(shared, "marks");
    await rm(marks, { recursive: true, force: true });
    await mkdir(marks);
    await chmod(marks, 0o777);
    await writeFile(
      file("play.yml"),
      `- hosts: web
  gather_facts: false
  tasks:
    - ansible.builtin.command: id -un
      register: account
    - ansible.builtin.shell: echo {{ account.stdout }} >${marks}/{{ inventory_hostname }}
`,
    );
    const ran = await ansible("playbook", file("play.yml"), ...args);
    expect(recap(ran)).toEqual(fleetNames.map((name) => expect.stringMatching(`^${name} +: ok=${String(tasks)} .* failed=0`)));
    for (const name of fleetNames) expect(await readFile(join(marks, name), "utf8")).toBe("deploy\n");
    return ran;
  };

  test("ping: all answer, each after one login, and one certificate is signed for each rule, not for each host", async () => {
    const { ran, ...counted } = await during(() => ansible("adhoc", "web", "-m", "ping", "--one-line"));
    expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({ exit: 0, stderr: "" });
    expect(ran.stdout.match(/^web-\d+\.example\.org \| SUCCESS => .*"ping": "pong"/gm)).toHaveLength(names.length);
    expect(counted).toEqual({ signed: rules, logins: names.map(() => 1) });
    expect(await readdir(file(".ssh"))).toEqual(["config"]); // no known_hosts: no host's key was taken on trust
  });

  test("a playbook over the connections that ping left: no login", async () => {
    expect(await during(play)).toMatchObject({ ran: { exit: 0 }, signed: 0, logins: names.map(() => 0) });
  });

  test("without ControlPersist: a login for each task, and no more certificates for that", async () => {
    await endConnections();
    const { ran, signed, logins: each } = await during(() => play("-e", "ansible_ssh_args=-C ansible_pipelining=true"));
    expect({ exit: ran.exit, each }).toEqual({ exit: 0, each: names.map(() => tasks) });
    expect(signed).toBeLessThanOrEqual(2 * rules); // a minute may be over on the way
  });

  test("its git module, on one's own machine", async () => {
    const [bare, work] = [join(shared, "repository"), file("work")];
    const commit = ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "first"];
    await succeeds(run("git", ["init", "-q", "--bare", bare]));
    await succeeds(run("git", ["init", "-q", work]));
    await succeeds(run("git", ["-C", work, ...commit]));
    await succeeds(run("git", ["-C", work, "push", "-q", bare, "HEAD:main"]));
    await succeeds(run("chown", ["-R", "65532", bare]));
    const options = `repo=ssh://deploy@${fleetNames[0] ?? ""}${bare} dest=${file("clone")} version=main`;
    const own = ["localhost", "-c", "local", "-e", `ansible_remote_tmp=${file("tmp")}`];
    await succeeds(ansible("adhoc", ...own, "-m", "git", "-a", options));
    expect((await run("git", ["-C", file("clone"), "log", "--format=%s"])).stdout).toBe("first");
  });

  test("a host that no rule is for is unreachable, the agent says why, and the others go on", async () => {
    await appendFile(file("inventory"), `[all]\ndb-1.${domain}\n`);
    await agent.decided();
    const { exit, stdout } = await ansible("adhoc", "all", "-m", "ping", "--one-line");
    expect(exit).toBe(4);
    expect(stdout.match(/ \| SUCCESS => /g)).toHaveLength(names.length);
    expect(stdout).toMatch(/^db-1\.example\.org \| UNREACHABLE!: .*deploy@127\.0\.0\.1: Permission denied \(publickey\)/m);
    expect(await agent.decided()).toMatch(/^nothing: no rule lets alice log in to db-1\.example\.org \(db\)$/m);
  });

  test("a host with a plain key is unreachable, and nobody is asked about it", async () => {
    const plain = await fleet.sshd({ group: "web" });
    sshds.set("web-99", plain);
    await appendFile(file(".ssh/config"), entryOf(`web-99.${domain}`, plain.port));
    const { exit, stdout } = await ansible("adhoc", "all", "-i", `web-99.${domain},`, "-l", `web-99.${domain}`, "-m", "ping");
    expect(exit).toBe(4);
    expect(stdout).toMatch(/^web-99\.example\.org \| UNREACHABLE! =>[^]*no matching host key type found/);
    expect(await readdir(file(".ssh"))).toEqual(["config"]);
  });
});

describe("rsync", () => {
  const tree = { "one.txt": "first", "folder/two.txt": "second" };
  /** "" at the end, as rsync has it for what is in a folder. */
  const sent = () => join(file("sent"), "/");

  beforeAll(async () => {
    await mkdir(file("sent/folder"), { recursive: true });
    for (const [name, text] of Object.entries(tree)) await writeFile(join(file("sent"), name), text);
  });

  test("to ten hosts at once, and back", async () => {
    const there = (name: string) => `deploy@${name}:${shared}/rsync-${name}/`;
    const all = await Promise.all(fleetNames.map((name) => atHome("rsync", "-rt", sent(), there(name))));
    expect(all.map(({ exit, all: says }) => ({ exit, says }))).toEqual(fleetNames.map(() => ({ exit: 0, says: "" })));
    const [name = ""] = fleetNames;
    await succeeds(atHome("rsync", "-rt", there(name), file("back")));
    for (const [path, text] of Object.entries(tree)) expect(await readFile(join(file("back"), path), "utf8")).toBe(text);
    // A second time there is nothing to send, and what is gone here goes there.
    await rm(file("sent/one.txt"));
    const again = await atHome("rsync", "-rt", "--delete", "--itemize-changes", sent(), there(name));
    expect(again).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\*deleting +one\.txt$/m) });
    expect(again.stdout).not.toContain("two.txt");
    expect(await readdir(join(shared, `rsync-${name}`))).toEqual(["folder"]);
  });

  test("to a host that no rule is for: refused, with a status that is not 0", async () => {
    const { exit, all } = await atHome("rsync", "-r", sent(), `ops@db-1.${domain}:${shared}/rsync-db`);
    expect(exit).not.toBe(0);
    expect(all).toContain("Permission denied (publickey)");
    expect(await readdir(shared)).not.toContain("rsync-db");
  });
});

test("signed out: ansible's message says so", async () => {
  await endConnections();
  await succeeds(agent.asAlice(["logout", "--all"]));
  const { exit, stdout } = await ansible("adhoc", "web", "-m", "ping", "--one-line");
  expect(exit).toBe(4);
  expect(stdout.match(/ \| UNREACHABLE!: .*ssh-trust: nobody is signed in: ssh-trust login/g)).toHaveLength(names.length);
});
