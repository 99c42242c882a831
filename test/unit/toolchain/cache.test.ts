import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { cached } from "../../../src/toolchain/cache.js";
import { openTemporaryFolder, removeLeftovers } from "../../../src/toolchain/temporary-folder.js";
import { openBench } from "./support.js";

async function make(folder: string): Promise<string> {
  const file = join(folder, "half-made");
  await writeFile(file, "whole");
  return file;
}

test("made once, found from then on", async () => {
  await using bench = await openBench();
  const first = await cached(bench.settings, "tool/1.0/tool", make);
  expect(first).toEqual({ path: join(bench.settings.cacheDir, "tool/1.0/tool"), made: true });
  expect(await readFile(first.path, "utf8")).toBe("whole");
  const again = await cached(bench.settings, "tool/1.0/tool", () => Promise.reject(new Error("made twice")));
  expect(again).toEqual({ path: first.path, made: false });
  expect(await readdir(bench.settings.cacheDir)).toEqual(["tool"]);
});

test("two at once: the folder of one is there, and whole", async () => {
  await using bench = await openBench();
  const makeFolder = async (folder: string) => dirname(await make(folder));
  const both = await Promise.all([1, 2].map(() => cached(bench.settings, "tool/1.0", makeFolder)));
  for (const { path } of both) expect(await readFile(join(path, "half-made"), "utf8")).toBe("whole");
  expect(await readdir(bench.settings.cacheDir)).toEqual(["tool"]);
});

test("what could not be made leaves nothing", async () => {
  await using bench = await openBench();
  const broken = async (folder: string) => {
    await make(folder);
    throw new Error("the network went away");
  };
  await expect(cached(bench.settings, "tool/1.0/tool", broken)).rejects.toThrow("the network went away");
  expect(await readdir(bench.settings.cacheDir)).toEqual([]);
});

test("what a killed run left half-made is not found, and removed", async () => {
  await using bench = await openBench();
  const { cacheDir } = bench.settings;
  // larger than any process number (PID_MAX_LIMIT is 2^22)
  await mkdir(join(cacheDir, ".tmp-99999999-0123456789ab", "tool"), { recursive: true });
  expect(await cached(bench.settings, "tool", make)).toMatchObject({ made: true });
  expect(await readdir(cacheDir)).toEqual(["tool"]);
});

test("only what nobody is at work on is swept", async () => {
  await using bench = await openBench();
  const { cacheDir } = bench.settings;
  await using ours = await openTemporaryFolder(cacheDir);
  const others = `.tmp-${String(process.ppid)}-0123456789ab`;
  for (const name of [others, ".tmp-notours", "tmp-1-ab"]) await mkdir(join(cacheDir, name));
  await removeLeftovers(cacheDir);
  expect((await readdir(cacheDir)).map((name) => join(cacheDir, name)).sort()).toEqual(
    [ours.path, ...[others, ".tmp-notours", "tmp-1-ab"].map((name) => join(cacheDir, name))].sort(),
  );
});

test("a cache that is not there yet has no leftovers", async () => {
  await using bench = await openBench();
  await expect(removeLeftovers(join(bench.folder, "nowhere"))).resolves.toBeUndefined();
});

test("a disposed folder is gone, with what is read-only in it", async () => {
  await using bench = await openBench();
  {
    await using folder = await openTemporaryFolder(bench.settings.cacheDir);
    await mkdir(join(folder.path, "module"));
    await writeFile(join(folder.path, "module", "go.mod"), "module m\n", { mode: 0o444 });
  }
  expect(await readdir(bench.settings.cacheDir)).toEqual([]);
});

test("what has grown old is made again; while that fails, the old one stays", async () => {
  await using bench = await openBench();
  const { path } = await cached(bench.settings, "system.tar", make, 5);
  expect((await cached(bench.settings, "system.tar", make, 5)).made).toBe(false);
  const sixDaysAgo = new Date(Date.now() - 6 * 86_400_000);
  await utimes(path, sixDaysAgo, sixDaysAgo);
  await expect(cached(bench.settings, "system.tar", () => Promise.reject(new Error("no network")), 5)).rejects.toThrow(
    "no network",
  );
  expect(await readFile(path, "utf8")).toBe("whole");
  expect((await cached(bench.settings, "system.tar", make)).made).toBe(false);
  expect((await cached(bench.settings, "system.tar", make, 5)).made).toBe(true);
  expect((await cached(bench.settings, "system.tar", make, 5)).made).toBe(false);
});
