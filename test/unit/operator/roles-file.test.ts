/** A file of roles: what is refused, and where in it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { cloudRole, cloudTokens, stacksContext, userRole } from "../../../lab/roles.js";
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
    ["nothing", {}, /names no role/],
    ["empty lists", { cas: [], machines: [] }, /names no role/],
    ["a list", [], /expected object/i],
    ["an unknown key", { roles: [] }, /"roles"/],
    ["an unknown key of a role", cas({ allowed: "*" }), /cas\.0: .*"allowed"/],
    ["a mount that leads out", cas({ mount: "../../etc" }), /cas\.0\.mount: is not a name/],
    ["a role that leads out", cas({ name: "a/b" }), /cas\.0\.name: is not a name/],
    ["an empty name", cas({ name: "" }), /cas\.0\.name: is not a name/],
    ["a name like an option", cas({ name: "-f" }), /cas\.0\.name: is not a name/],
    ["a name with a line break", cas({ name: "a\nb" }), /cas\.0\.name: is not a name/],
    ["a stack that leads out", { machines: [{ stack: "..", role: cloudRole, tokens: cloudTokens }] }, /machines\.0\.stack/],
    ["certificates for neither", cas({ certificates: "both" }), /cas\.0\.certificates: is neither/],
    ["half a second", cas({ ttl: 0.5 }), /cas\.0\.ttl: is not in whole seconds/],
    ["no life", cas({ ttl: 0 }), /cas\.0\.ttl: is not positive/],
    ["a usual life over the longest", cas({ ttl: 7200, maxTtl: 3600 }), /the role "user-ssh" of "user-ssh": its lives/],
    ["everybody", cas({ principals: ["*"] }), /"\*" is not one principal/],
    ["nobody", cas({ principals: [] }), /names no principal/],
    ["two stacks of one name", { cas: [userRole, userRole] }, /two stacks are called "user-ssh"/],
    [
      "a CA and machines of one name",
      { cas: [userRole], machines: [{ stack: "user-ssh", role: cloudRole, tokens: cloudTokens }] },
      /two stacks/,
    ],
    ["protect that is a word", { ...cas({}), protect: "no" }, /protect: /],
  ])("%s", async (_what, content, problem) => {
    await expect(read(content)).rejects.toMatchObject({ code: "ROLES_FILE_INVALID", exit: 1 });
    await expect(read(content)).rejects.toThrow(problem);
    await expect(read(content)).rejects.toThrow(join(folder, "roles.json"));
  });

  test("a file that is not there", async () => {
    await expect(readRolesFile(join(folder, "nowhere"))).rejects.toMatchObject({ code: "ROLES_FILE_INVALID" });
  });
});

test("the tutorial's roles are taken as they are; a mount is protected unless the file says otherwise", async () => {
  expect(await read(stacksContext)).toEqual({ ...stacksContext, protect: true });
  expect((await read({ ...stacksContext, protect: false })).protect).toBe(false);
});
