/** Where a token may be kept: in memory, in a folder of one's own, or nowhere. */
import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { memoryFolder } from "../../../src/ground/memory-folder.js";

let memory: string;
beforeEach(async () => {
  memory = await mkdtemp("/dev/shm/ssh-trust-test-");
});
afterEach(async () => {
  await rm(memory, { recursive: true, force: true });
});
const uid = process.getuid?.() ?? 0;

test("the run-time folder is used where it is in memory", async () => {
  const found = await memoryFolder("x", { runtime: memory, shared: "/proc" });
  expect(found).toEqual({ folder: join(memory, "x") });
  expect((await stat(join(memory, "x"))).mode & 0o777).toBe(0o700);
});

test("another folder in memory where there is no such, with the user's number in its name", async () => {
  for (const runtime of [undefined, "/nowhere"])
    expect(await memoryFolder("x", { runtime, users: "/nowhere", shared: memory })).toEqual({
      folder: join(memory, `x-${String(uid)}`),
    });
});

test("where nothing names the run-time folder, systemd's is found by the user's number", async () => {
  const own = join(memory, String(uid));
  await mkdir(own, { mode: 0o700 });
  const found = await memoryFolder("x", { runtime: undefined, users: memory, shared: "/proc" });
  expect(found).toEqual({ folder: join(own, "x") });
});

test("a folder that others may look into is closed", async () => {
  await mkdir(join(memory, "x"), { mode: 0o755 });
  await chmod(join(memory, "x"), 0o755);
  await memoryFolder("x", { runtime: memory, shared: "/proc" });
  expect((await stat(join(memory, "x"))).mode & 0o777).toBe(0o700);
});

describe("refused, with the reason", () => {
  test("a folder for the run that others may look into, and a shared one in which others may replace ours", async () => {
    await chmod(memory, 0o777);
    expect(await memoryFolder("x", { runtime: memory, shared: memory })).toEqual({
      problem: `${memory} is open to others; ${memory} lets others replace what is in it`,
    });
  });

  test("a link that somebody laid there", async () => {
    const elsewhere = await mkdtemp("/dev/shm/ssh-trust-test-");
    await symlink(elsewhere, join(memory, `x-${String(uid)}`));
    const found = await memoryFolder("x", { runtime: undefined, users: "/nowhere", shared: memory });
    await rm(elsewhere, { recursive: true });
    expect(found).toEqual({ problem: expect.stringContaining("is not a folder") });
  });

  test("a folder of another user", async () => {
    await mkdir(join(memory, "x-4711"));
    expect(await memoryFolder("x", { runtime: undefined, users: "/nowhere", shared: memory, uid: 4711 })).toEqual({
      problem: expect.stringContaining("is another user's"),
    });
  });

  test("none that is there", async () => {
    const found = await memoryFolder("x", { runtime: "/nowhere", shared: "/nowhere-else" });
    expect(found).toEqual({ problem: expect.stringMatching(/\/nowhere.*; .*\/nowhere-else/) });
  });

  test("a file in its place", async () => {
    const found = await memoryFolder("x", { runtime: "/etc/hostname", shared: "/etc/hostname" });
    expect(found).toEqual({ problem: expect.any(String) });
  });
});

test("what is not in memory is refused, whatever else there is", async () => {
  expect(await memoryFolder("x", { runtime: "/proc", shared: "/proc" })).toEqual({
    problem: "/proc is open to others; /proc is not in memory",
  });
});
