/** What Vault has and a state does not know: refused, or written down to be taken over. */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { adopt } from "../../../src/terraform/imports.js";

const mount = { to: "vault_mount.ssh", id: "host-ssh" };
const role = { to: "vault_ssh_secret_backend_role.role", id: "host-ssh/roles/host-ssh" };
const there = [mount, role];
const stateWith = (...types: readonly string[]) =>
  JSON.stringify({ resources: types.map((type) => ({ type, name: type === "vault_mount" ? "ssh" : "role", instances: [{}] })) });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-imports-"));
});
afterEach(() => rm(folder, { recursive: true }));
const state = () => join(folder, "terraform.tfstate");
const imports = async () => JSON.parse(await readFile(join(folder, "adopt.tf.json"), "utf8")) as unknown;

describe("refused, and named", () => {
  test.each<[string, string | undefined, string]>([
    ["no state", undefined, "host-ssh, host-ssh/roles/host-ssh"],
    ["a state of something else", stateWith(), "host-ssh, host-ssh/roles/host-ssh"],
    ["a state with a part of it", stateWith("vault_mount"), "host-ssh/roles/host-ssh"],
    ["a state that was half-written", '{"resources": [', "host-ssh, host-ssh/roles/host-ssh"],
  ])("%s", async (_what, text, named) => {
    if (text !== undefined) await writeFile(state(), text);
    const asked = adopt(folder, { there, mayAdopt: false });
    await expect(asked).rejects.toMatchObject({
      code: "VAULT_NOT_OURS",
      message: expect.stringContaining(`Vault has ${named} already`),
    });
  });

  test("a state that cannot be read is left alone", async () => {
    await mkdir(state());
    await expect(adopt(folder, { there, mayAdopt: true })).rejects.toMatchObject({ code: "EISDIR" });
    await access(state());
  });
});

test("what the state knows is not taken over again; a state that was half-written is removed", async () => {
  await writeFile(state(), stateWith("vault_mount"));
  await adopt(folder, { there, mayAdopt: true });
  expect(await imports()).toEqual({ import: [role] });
  await writeFile(state(), "{");
  await adopt(folder, { there, mayAdopt: true });
  expect(await imports()).toEqual({ import: there });
  await expect(access(state())).rejects.toThrow();
});

test("where the state knows all, nothing is written, and what was is removed", async () => {
  await adopt(folder, { there, mayAdopt: true });
  await writeFile(state(), stateWith("vault_mount", "vault_ssh_secret_backend_role"));
  await adopt(folder, { there, mayAdopt: false });
  await expect(imports()).rejects.toThrow();
});
