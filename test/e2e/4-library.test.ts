/** The examples of the library that need Vault, a fleet or an sshd, from the installed package. The others: test/programs/library.test.ts. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { applyFleet, type AppliedFleet } from "../support/applied-fleet.js";
import { examplesIn, makeExampleFiles, needFleet, needsServer, runExample, type Example } from "../support/examples.js";
import { fleetText } from "../support/fleet.js";
import { installPackage, type InstalledPackage } from "../support/package.js";
import { taskInHost as task } from "../support/in-host.js";
import { root, succeeds } from "../support/project.js";

let installed: InstalledPackage;
let examples: readonly Example[];
let env: Record<string, string>;
let fleet: AppliedFleet;

beforeAll(async () => {
  for (const name of ["start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca", "create-known-hosts"]) {
    await succeeds(task(name));
  }
  [installed, fleet] = await Promise.all([installPackage(), applyFleet("OpenBao", fleetText)]);
  ({ examples } = await examplesIn(installed.folder));
  await makeExampleFiles(installed.project);
  // An ssh that knows the lab's CA, and touches nobody's ~/.ssh.
  const bin = join(installed.project, "bin");
  const config = join(installed.project, "ssh_config");
  await writeFile(
    config,
    `UserKnownHostsFile ${root}/known_hosts\nGlobalKnownHostsFile none\nIdentitiesOnly yes\nIdentityAgent none\n`,
  );
  await mkdir(bin);
  await writeFile(join(bin, "ssh"), `#!/bin/sh\nexec /usr/bin/env PATH='${process.env["PATH"] ?? ""}' ssh -F '${config}' "$@"\n`);
  await chmod(join(bin, "ssh"), 0o755);
  const path = [bin, process.env["PATH"]].join(delimiter);
  env = { VAULT_ADDR: "http://localhost:8200", VAULT_TOKEN: "root-token", PATH: path };
}, 180_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  await installed.remove();
});

// In this order: what signKey writes lets the others in.
const names = ["connectVault", "signKey", "scanHost", "scanHostCertificates", "traceLogin", "traceToJson", "renderTrace"];

test("these are all examples that need a server", () => {
  const found = examples.filter(needsServer).map(({ of }) => of);
  expect([...found].sort()).toEqual([...names, ...needFleet].sort());
});

test.each(needFleet)(
  "%s: its example does what it says",
  async (name) => {
    const example = examples.find(({ of }) => of === name);
    expect(example).toBeDefined();
    const asRegistrar = { ...fleet.server.env(fleet.registrar), VAULT_ADDR: fleet.server.address, VAULT_NAMESPACE: "" };
    if (example !== undefined) await runExample(example, installed.project, asRegistrar);
  },
  30_000,
);

test.each(names)(
  "%s: its example does what it says",
  async (name) => {
    const example = examples.find(({ of }) => of === name);
    expect(example).toBeDefined();
    if (example !== undefined) await runExample(example, installed.project, env);
  },
  30_000,
);

test("the page that renderTrace's example wrote shows the login", async () => {
  expect(await readFile(join(installed.project, "login.html"), "utf8")).toContain(
    "<title>Logged in: admin-ssh-user@localhost</title>",
  );
});
