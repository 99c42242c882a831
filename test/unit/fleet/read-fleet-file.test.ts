/** The file as it lies on a disk. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFleetFile } from "../../../src/fleet/read-fleet-file.js";
import { writeSchema } from "../../../src/fleet/write-schema.js";
import { changed } from "./fleet-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-fleet-"));
});
afterAll(() => rm(folder, { recursive: true }));

const file = () => join(folder, "ssh-trust.yaml");
async function read(content: string | Uint8Array) {
  await writeFile(file(), content);
  return readFleetFile(file());
}

test("it is read, with a byte order mark too, and from a pipe", async () => {
  expect((await read(changed())).vault).toBe("https://vault.example.org:8200");
  expect(await read(`\ufeff${changed()}`)).toEqual(await read(changed()));
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const [fleet] = await Promise.all([readFleetFile(pipe), writeFile(pipe, changed())]);
  expect(fleet).toEqual(await read(changed()));
});

describe("refused", () => {
  test("a file that is not there: how to make one", async () => {
    await expect(readFleetFile(join(folder, "nowhere.yaml"))).rejects.toMatchObject({
      code: "FLEET_FILE_MISSING",
      exit: 1,
      message: expect.stringMatching(/nowhere\.yaml cannot be read: .*no such file/),
      hint: [{ say: expect.any(String), run: { verb: expect.stringMatching(/^init /) } }],
    });
  });

  test("a folder: to make a fleet file would not help", async () => {
    const path = join(folder, "folder");
    await mkdir(path);
    await expect(readFleetFile(path)).rejects.toMatchObject({
      code: "FLEET_FILE_MISSING",
      message: `the fleet file ${path} cannot be read: it is a folder`,
      hint: [{ say: "name a file in it, such as", run: `ls ${path}` }],
    });
  });

  test.each<[what: string, content: string | Uint8Array, problem: RegExp]>([
    ["another encoding", Buffer.from("vault: \u00fcber", "latin1"), /has a mistake\n.*: it is not UTF-8 text$/],
    ["UTF-16", Buffer.from(`\ufeff${changed()}`, "utf16le"), /it is not UTF-8 text$/],
    ["too much", "#".repeat(1_000_001), /has a mistake\n.*ssh-trust\.yaml:1:1: the file has more than 1 MB/],
    ["nothing", "", /has a mistake\n.*ssh-trust\.yaml:1:1: the file says nothing/],
  ])("%s", async (_what, content, problem) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "FLEET_FILE_INVALID",
      exit: 1,
      message: expect.stringMatching(problem),
    });
  });

  test("what has no end", async () => {
    await expect(readFleetFile("/dev/zero")).rejects.toMatchObject({ code: "FLEET_FILE_INVALID" });
  });
});

test("the schema is written beside it, again and again", async () => {
  await writeSchema(folder);
  await writeFile(join(folder, ".ssh-trust/schema.json"), "{}");
  await writeSchema(folder);
  expect(JSON.parse(await readFile(join(folder, ".ssh-trust/schema.json"), "utf8"))).toHaveProperty("title");
  expect((await stat(join(folder, ".ssh-trust/schema.json"))).mode & 0o777).toBe(0o644);
});
