/** A file of roles: what is refused, and where in it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hostRole, userRole } from "../../../lab/roles.js";
import { readRolesFile } from "../../../src/operator/roles-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-roles-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: unknown) {
  const file = join(folder, "roles.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return readRolesFile(file);
}

const cas = (change: object) => ({ cas: [{ ...userRole, ...change }] });

describe("refused", () => {
  test.each<[what: string, content: unknown, problem: RegExp]>([
    ["no JSON", "cas: []", /not valid JSON/],
    ["nothing", {}, /cas: /],
    ["an empty list", { cas: [] }, /names no role/],
    ["a list", [], /expected object/i],
    ["an unknown key", { ...cas({}), roles: [] }, /"roles"/],
    ["an unknown key of a role", cas({ allowed: "*" }), /cas\.0: .*"allowed"/],
    ["a mount that leads out", cas({ mount: "../../etc" }), /cas\.0\.mount: is not a name/],
    ["a role that leads out", cas({ name: "a/b" }), /cas\.0\.name: is not a name/],
    ["an empty name", cas({ name: "" }), /cas\.0\.name: is not a name/],
    ["a name like an option", cas({ name: "-f" }), /cas\.0\.name: is not a name/],
    ["a name with a line break", cas({ name: "a\nb" }), /cas\.0\.name: is not a name/],
    ["certificates for neither", cas({ certificates: "both" }), /cas\.0\.certificates: is neither/],
    ["half a second", cas({ ttl: 0.5 }), /cas\.0\.ttl: is not in whole seconds/],
    ["no life", cas({ ttl: 0 }), /cas\.0\.ttl: is not positive/],
    ["a usual life over the longest", cas({ ttl: 7200, maxTtl: 3600 }), /the role "user-ssh" of "user-ssh": ttl and maxTtl/],
    ["everybody", cas({ principals: ["*"] }), /"\*" is not one principal/],
    ["nobody", cas({ principals: [] }), /names no principal/],
    ["two roles of one mount", { cas: [userRole, userRole] }, /two roles have the mount "user-ssh"/],
    ["protect that is a word", { ...cas({}), protect: "no" }, /protect: /],
  ])("%s", async (_what, content, problem) => {
    await expect(read(content)).rejects.toMatchObject({ code: "ROLES_FILE_INVALID", exit: 1 });
    await expect(read(content)).rejects.toThrow(problem);
    await expect(read(content)).rejects.toThrow(join(folder, "roles.json"));
  });

  test("a file that is not there", async () => {
    await expect(readRolesFile(join(folder, "nowhere"))).rejects.toMatchObject({
      code: "ROLES_FILE_MISSING",
      message: expect.stringContaining("no such file"),
    });
  });
});

test("roles are taken as they are; a mount is protected unless the file says otherwise", async () => {
  const cas = [hostRole, userRole];
  expect(await read({ cas })).toEqual({ cas, protect: true });
  expect((await read({ cas, protect: false })).protect).toBe(false);
});

test("docs/roles.md shows a file that is taken", async () => {
  const page = await readFile(new URL("../../../docs/roles.md", import.meta.url), "utf8");
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect((await read(example)).cas.map(({ mount }) => mount)).toEqual(["user-ssh", "host-ssh"]);
});
