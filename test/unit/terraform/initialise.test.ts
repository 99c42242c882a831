/** When `terraform init` is left out, and when it is not. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { initialise } from "../../../src/terraform/initialise.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ssh-trust-initialise-"));
  await writeFile(join(dir, "cdk.tf.json"), "{}");
});
afterEach(() => rm(dir, { recursive: true }));

/** One that says in a file that it was called, and writes what init leaves. */
async function program(name: string, exit: 0 | 1) {
  const binary = join(dir, name);
  const leaves = exit === 0 ? "mkdir -p .terraform/providers; touch .terraform.lock.hcl" : "";
  await writeFile(binary, `#!/bin/sh\necho ${name} >>called\n${leaves}\nexit ${String(exit)}\n`, { mode: 0o755 });
  return {
    binary,
    cliConfig: "/dev/null",
    vault: { address: "http://127.0.0.1:1", token: "no-token", namespace: undefined, tls: {} },
  };
}
const called = () => readFile(join(dir, "called"), "utf8");

test("nothing has changed: once", async () => {
  const terraform = await program("terraform", 0);
  await initialise(terraform, dir);
  await initialise(terraform, dir);
  expect(await called()).toBe("terraform\n");
});

test("another program's failed, and took the lock of providers away: the first one's is done again", async () => {
  const terraform = await program("terraform", 0);
  await initialise(terraform, dir);
  await expect(initialise(await program("tofu", 1), dir)).rejects.toMatchObject({ code: "TERRAFORM_FAILED" });
  await initialise(terraform, dir);
  expect(await called()).toBe("terraform\ntofu\nterraform\n");
});
