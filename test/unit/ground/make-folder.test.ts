/** A folder that cannot be made: for its own reason. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { makeFolder } from "../../../src/ground/make-folder.js";

test("a file is in its way: said so; otherwise it is made, with its mode", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-folder-"));
  await writeFile(join(folder, "file"), "");
  await expect(makeFolder(join(folder, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await makeFolder(join(folder, "a/b"), 0o700);
  expect((await stat(join(folder, "a/b"))).mode & 0o777).toBe(0o700);
  await makeFolder(join(folder, "a/b"));
  await rm(folder, { recursive: true });
});
