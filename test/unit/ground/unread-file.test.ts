/** Why a file cannot be read: each reason with a hint that mends it, from the system's own errors where they can be had. */
import { chmod, chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { whyUnread } from "../../../src/ground/unread-file.js";

/** Who reads them is nobody, or whoever runs the tests. */
const files = [
  ["theirs", 0o600, "root"],
  ["closed-to-all", 0o000, "root"],
  ["ours-closed", 0o000, "us"],
] as const;

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-unread-"));
  await chmod(folder, 0o755);
  await mkdir(path("folder"));
  await mkdir(path("closed"), { mode: 0o000 });
  await symlink(path("circle"), path("circle"));
  await writeFile(path("file"), "");
  const nobody = process.geteuid?.() === 0 ? 65534 : undefined;
  for (const [name, mode, owner] of files) {
    await writeFile(path(name), "", { mode });
    if (owner === "us" && nobody !== undefined) await chown(path(name), nobody, nobody);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each<[name: string, reason: string, say: string, run: string | undefined]>([
  ["nowhere", "there is no such file", "correct the path", undefined],
  ["file/below", "a part of its path is a file, where a folder has to be", "correct the path", undefined],
  ["folder", "it is a folder", "name a file in it, such as", "ls "],
  ["ours-closed", "permission denied", "let yourself read it", "chmod u+r "],
  ["closed/file", "permission denied", "see which folder on the way to it you may not enter", "namei -l "],
  ["circle", "its links lead in a circle", "see where they lead, and name the file itself", "ls -l "],
  ["x".repeat(300), "this is too long for the name of a file", "name a file, and not what is in it", undefined],
])("%s: %s", async (name, reason, say, run) => {
  const root = process.geteuid?.() === 0; // root reads everything, so for once it is nobody
  if (root) process.seteuid?.(65534);
  try {
    const error: unknown = await readFile(path(name)).catch((caught: unknown) => caught);
    const how = run === undefined ? { say } : { say, run: `${run}${path(name)}` };
    expect(whyUnread(path(name), error)).toEqual({ reason, how });
  } finally {
    if (root) process.seteuid?.(0);
  }
});

/** Only root can make files that are somebody else's. */
(process.geteuid?.() === 0 ? test : test.skip).each([
  ["theirs", (file: string) => `sudo chown $USER ${file}`],
  ["closed-to-all", (file: string) => `sudo chown $USER ${file} && chmod u+r ${file}`],
])("%s, of somebody else's", async (name, run) => {
  process.seteuid?.(65534);
  try {
    const error: unknown = await readFile(path(name)).catch((caught: unknown) => caught);
    expect(whyUnread(path(name), error).how).toEqual({ say: "make it yours", run: run(path(name)) });
  } finally {
    process.seteuid?.(0);
  }
});

test.each([
  ["EMFILE", "too many files are open", { say: "allow more of them in this shell", run: "ulimit -n 4096" }],
  ["ENFILE", "too many files are open", { say: "allow more of them in this shell", run: "ulimit -n 4096" }],
  ["EIO", "i/o error", { say: "see what it is", run: "ls -ld 'my file'" }],
])("%s, which cannot be had here", (code, reason, how) => {
  expect(whyUnread("my file", Object.assign(new Error(`${code}: i/o error, read`), { code }))).toEqual({ reason, how });
});
