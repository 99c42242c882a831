/**
 * `clean` leaves nothing of the project's behind, and everything of anybody else's. The last of the lab's tests, as no lab is to be left in
 * the way of another checkout's; that a lab is made from nothing is seen before the tests, and in 6-two-labs.
 */
import { access, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readLabSettings } from "../../lab/settings/lab.js";
import { docker, root, run, succeeds, task } from "../support/project.js";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
/** Of this checkout: another's lab may run beside it. */
const ours = ["--filter", "label=io.ssh-trust.lab.name=default", "--filter", `label=io.ssh-trust.lab.checkout=${root}`];
const labelled = async () =>
  Promise.all([
    docker("ps", "-aq", "--filter", "label=io.ssh-trust.lab=container", ...ours),
    docker("network", "ls", "-q", ...ours),
    docker("images", "-aq", ...ours),
  ]).then((answers) => answers.map(({ stdout }) => stdout));

afterAll(async () => {
  await docker("rm", "-f", "ssh-trust-test-bystander");
  await docker("network", "rm", "ssh-trust-test-network");
  await docker("rmi", "ssh-trust-test-empty");
});

test("with Docker down, the files go all the same", async () => {
  const { all, exit } = await task("clean", [], { DOCKER_HOST: "unix:///nonexistent/docker.sock" });
  expect(all).toContain("were not looked for: no Docker engine answers");
  expect(exit).toBe(0);
  expect(await exists(join(root, ".lab"))).toBe(false);
  expect((await labelled())[0]).not.toBe(""); // the containers are still there: nobody could ask
});

test("with half of it gone, and somebody else's things beside it", async () => {
  await succeeds(task("start-ssh-with-signed-hostkey"));
  await succeeds(task("reset-cloud")); // whatever the tests before left
  // The cloud as it may be left: a machine that is stopped, an elastic address with Eve on it, something published.
  for (const args of [
    ["launch", "web", "--publish"],
    ["launch", "idle"],
    ["associate", "www", "web"],
    ["stop", "idle"],
  ]) {
    await succeeds(task("cloud", args));
  }
  await succeeds(task("eve", ["start", "www"]));
  await docker("network", "create", "ssh-trust-test-network");
  await run("sh", ["-c", "tar -cf - -T /dev/null | docker import - ssh-trust-test-empty:latest"]);
  await docker(
    "create",
    "--name",
    "ssh-trust-test-bystander",
    "--network",
    "ssh-trust-test-network",
    "ssh-trust-test-empty:latest",
    "nothing",
  );
  await docker("rm", "-f", "vault");
  const keep = join(root, "ssh-keys", "mine");
  await writeFile(keep, "not the lab's");
  const { all, exit } = await task("clean");
  expect(all).toMatch(/removed \d+ containers?, 3 networks, \d+ images/);
  expect(exit).toBe(0);
  expect(await labelled()).toEqual(["", "", ""]);
  for (const [kind, name] of [
    ["network", "ssh-trust-test-network"],
    ["container", "ssh-trust-test-bystander"],
    ["image", "ssh-trust-test-empty"],
  ] as const) {
    expect((await docker(kind, "inspect", name)).exit).toBe(0);
  }
  expect(await readdir(join(root, "ssh-keys"))).toEqual(["mine"]);
  await rm(join(root, "ssh-keys"), { recursive: true });
  for (const path of [".lab", "known_hosts"]) expect(await exists(join(root, path))).toBe(false);
  expect(await exists(readLabSettings().cacheDir)).toBe(true);
}, 240_000);

test("again, with nothing left", async () => {
  const { all, exit } = await task("clean");
  expect(all).toContain("removed 0 containers, 0 networks, 0 images");
  expect(exit).toBe(0);
});

test("--all removes the downloads too", async () => {
  const { cacheDir } = readLabSettings();
  const cache = join(root, ".test-cache");
  await mkdir(join(cache, "ssh-trust", "openbao"), { recursive: true });
  const { exit } = await task("clean", ["--all"], { XDG_CACHE_HOME: cache });
  expect(exit).toBe(0);
  expect(await readdir(cache)).toEqual([]);
  await rm(cache, { recursive: true });
  expect(await exists(cacheDir)).toBe(true);
}, 180_000);
