import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { writeFileAtomically } from "../../../src/ground/atomic-file.js";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-atomic-"));
  path = join(folder, "file");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("writes", () => {
  test.each([
    ["text", "Zoë\n", Buffer.from("Zoë\n")],
    ["bytes", new Uint8Array([0, 255]), Buffer.from([0, 255])],
    ["nothing", "", Buffer.alloc(0)],
  ])("%s", async (_what, data, content) => {
    await writeFileAtomically(path, data, 0o644);
    expect(await readFile(path)).toEqual(content);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test.each([
    [0o600, 0o000],
    [0o644, 0o077],
    [0o666, 0o022],
    [0o400, 0o777],
  ])("with mode %o, whatever the umask (%o)", async (mode, mask) => {
    const before = process.umask(mask);
    try {
      await writeFileAtomically(path, "x", mode);
    } finally {
      process.umask(before);
    }
    expect((await stat(path)).mode & 0o7777).toBe(mode);
  });

  test("over a file of another mode", async () => {
    await writeFile(path, "old, and longer", { mode: 0o666 });
    await writeFileAtomically(path, "new", 0o600);
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o7777).toBe(0o600);
  });

  test("over a link, and not through it", async () => {
    const target = join(folder, "target");
    await writeFile(target, "target");
    await symlink(target, path);
    await writeFileAtomically(path, "new", 0o600);
    expect(await readFile(target, "utf8")).toBe("target");
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test("whole files only, however many write at once", async () => {
    await writeFileAtomically(path, "0".repeat(100_000), 0o600);
    const writers = Array.from({ length: 8 }, (_, index) => writeFileAtomically(path, String(index).repeat(100_000), 0o600));
    const readers = Array.from({ length: 40 }, () => readFile(path, "utf8"));
    for (const content of await Promise.all(readers)) expect(content).toMatch(/^(.)\1{99999}$/);
    await Promise.all(writers);
    expect(await readdir(folder)).toEqual(["file"]);
  });
});

describe("leaves everything as it was", () => {
  test("when the folder is missing", async () => {
    await expect(writeFileAtomically(join(folder, "none", "file"), "x", 0o600)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readdir(folder)).toEqual([]);
  });

  test("when a folder has the name", async () => {
    await mkdir(join(path, "inside"), { recursive: true });
    await expect(writeFileAtomically(path, "x", 0o600)).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("when the folder is a file", async () => {
    await writeFile(path, "old");
    await expect(writeFileAtomically(join(path, "below"), "x", 0o600)).rejects.toMatchObject({ code: "ENOTDIR" });
    expect(await readFile(path, "utf8")).toBe("old");
  });
});
