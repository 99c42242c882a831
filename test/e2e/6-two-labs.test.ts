/** Two labs on one machine: neither is in the other's way, and each is cleaned alone. A lab moves with its checkout. */
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { namesOf } from "../../lab/names.js";
import { otherCheckouts } from "../../tools/test-labels.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, login, root, run, succeeds, type Ran, task as taskProcess } from "../support/project.js";

const second = namesOf("second");
/** The lab of the tests that run at the same time. */
const beside = namesOf("beside");
const env = { SSH_TRUST_LAB: "second" };
/** What runs of labs, but for those. (Where an image is being built, a container runs that has any name.) */
const running = async () =>
  (await docker("ps", "--format", "{{.Names}}", "--filter", "label=io.ssh-trust.lab=container")).stdout
    .split("\n")
    .filter((name) => !name.startsWith(beside.container("")))
    .sort();

let elsewhere: string;
/** A task in another checkout. */
const there = (name: string, args: readonly string[] = [], more: Record<string, string> = {}): Promise<Ran> =>
  run(process.execPath, ["tools/task.js", name, ...args], { cwd: elsewhere, env: more });

beforeAll(async () => {
  elsewhere = join(await mkdtemp(otherCheckouts(root)), "checkout");
  for (const name of [
    "bin",
    "containers",
    "lab",
    "scripts",
    "src",
    "stacks",
    "tools",
    "package.json",
    "package-lock.json",
    "cdktf.json",
    "tsconfig.json",
    ".dockerignore",
  ])
    await cp(join(root, name), join(elsewhere, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(elsewhere, "node_modules"));
  await succeeds(task("start-ssh-with-trusted-user-ca"));
  await succeeds(task("create-known-hosts"));
  await succeeds(task("sign-user-key", ["alice"]));
}, 240_000);
afterAll(async () => {
  await there("clean", [], env);
  await there("clean");
  await taskProcess("clean", [], env);
  await rm(join(elsewhere, ".."), { recursive: true });
}, 300_000);

const logsIn = async () => (await login("alice", 3022, "-o", "StrictHostKeyChecking=yes")).stdout;

describe("a second checkout with the same lab", () => {
  test("is refused, and told how to have one of its own", async () => {
    const { all, exit } = await there("start-ssh-with-signed-hostkey");
    expect(all).toMatch(/is in use by the lab "default" of another checkout, .*\[LAB_TAKEN\]/);
    expect(all).toContain("export SSH_TRUST_LAB=");
    expect(exit).toBe(1);
  }, 180_000);

  test("leaves what was built to its other lab", async () => {
    await mkdir(join(elsewhere, second.folder));
    await succeeds(there("clean"));
    expect(await readdir(elsewhere)).toEqual(expect.arrayContaining([second.folder, "build"]));
    await rm(join(elsewhere, second.folder), { recursive: true });
  }, 180_000);

  test("leaves the first alone when it is cleaned", async () => {
    const before = await running();
    const { all, exit } = await there("clean");
    expect(all).toMatch(/removed 0 containers, 0 networks/);
    expect(exit).toBe(0);
    expect(await running()).toEqual(before);
    expect(await logsIn()).toBe("admin-ssh-user");
  }, 180_000);
});

describe("a second lab with a name", () => {
  test.each(["Second", "a b", "-x", "../x"])("%j is no name", async (name) => {
    const { all, exit } = await task("status", [], { SSH_TRUST_LAB: name });
    expect(all).toContain("[SETTING_INVALID]");
    expect(exit).toBe(2);
  });

  test("runs beside the first, with another CA", async () => {
    await succeeds(there("start-ssh-with-trusted-user-ca", [], env));
    await succeeds(there("create-known-hosts", [], env));
    await succeeds(there("sign-user-key", ["alice"], env));
    const port = String(second.ports["ssh-with-trusted-user-ca"]);
    const strict = [
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "BatchMode=yes",
      "GlobalKnownHostsFile=none",
      "StrictHostKeyChecking=yes",
    ];
    const trusting = (hosts: string) =>
      run("ssh", ["-F", "none", ...[...strict, `UserKnownHostsFile=${hosts}`].flatMap((each) => ["-o", each]), ...alice]);
    const alice = ["-p", port, "-i", join(elsewhere, second.keys, "alice_id_rsa"), "admin-ssh-user@localhost", "whoami"];
    expect((await trusting(join(elsewhere, second.knownHosts))).stdout).toBe("admin-ssh-user");
    // Whoever trusts the first's CA does not trust the second's.
    const stranger = await trusting(join(root, "known_hosts"));
    expect(stranger.all).toContain("Host key verification failed.");
    expect(await logsIn()).toBe("admin-ssh-user");
    expect(await running()).toEqual(expect.arrayContaining(["vault", "second.vault", "second.ssh-with-trusted-user-ca"]));
  }, 240_000);

  test("moves with its checkout: what runs is its own there, too", async () => {
    const moved = `${elsewhere}-moved`;
    const containers = await running();
    await rename(elsewhere, moved);
    elsewhere = moved;
    const started = await there("start-ssh-with-trusted-user-ca", [], env);
    expect(started.all).toContain("runs already");
    expect(started.exit).toBe(0);
    expect((await there("terraform-apply-ssh-with-trusted-user-ca", [], env)).all).toContain("nothing to change");
    expect(await running()).toEqual(containers);
  }, 300_000);

  test("is cleaned alone", async () => {
    const { all, exit } = await there("clean", [], env);
    expect(all).toMatch(/removed 2 containers, 1 network, \d+ images/);
    expect(exit).toBe(0);
    expect((await running()).filter((name) => name.startsWith("second."))).toEqual([]);
    // What was built for it was the only lab's there.
    for (const gone of [second.folder, "build", "dist"]) expect(await readdir(elsewhere)).not.toContain(gone);
    expect(await logsIn()).toBe("admin-ssh-user");
    await succeeds(task("terraform-apply-ssh-with-signed-hostkey"));
  }, 180_000);
});
