import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeFolder } from "../../../src/offline-ca/folder.js";

let room = "";
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), "ssh-trust-folder-"));
});
afterEach(() => rm(room, { recursive: true }));

const mode = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

describe.each([0o000, 0o022, 0o077, 0o777])("with the umask %o", (mask) => {
  let before = 0;
  beforeEach(() => {
    before = process.umask(mask);
  });
  afterEach(() => {
    process.umask(before);
  });

  test("a folder and those above it that are made are their owner's alone", async () => {
    await makeFolder(join(room, "a/b/c"));
    for (const made of ["a", "a/b", "a/b/c"]) expect(`${made} ${await mode(join(room, made))}`).toBe(`${made} 700`);
  });
});

test("one that is there stays as it is", async () => {
  await makeFolder(join(room, "a"));
  await chmod(join(room, "a"), 0o755);
  await makeFolder(join(room, "a/b"));
  await makeFolder(join(room, "a"));
  expect(await mode(join(room, "a"))).toBe("755");
});

test("a file above it is no folder", async () => {
  await writeFile(join(room, "file"), "");
  await expect(makeFolder(join(room, "file/a"))).rejects.toMatchObject({ code: "ENOTDIR" });
});
