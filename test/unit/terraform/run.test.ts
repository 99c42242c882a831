/** Why a Terraform failed, in a sentence: from what it says for machines, from its prose, or from its silence. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { SshTrustError } from "../../../src/errors/catalogue.js";
import { typed } from "../../../src/errors/hint.js";
import { run } from "../../../src/terraform/run.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ssh-trust-run-"));
});
afterEach(() => rm(dir, { recursive: true }));

const version = '{"@level":"info","@message":"Terraform 1.11.4","type":"version"}';
const locked = (text: string) =>
  `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":${JSON.stringify(text)}}}`;
const info = "Lock Info:\n  ID:        af04\n  Who:       me@here\n  Created:   2026-11-27 11:29:36 UTC\n";

const error = (summary: string, detail: string) =>
  `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":${JSON.stringify(summary)},"detail":${JSON.stringify(detail)}}}`;
const backend = "Initializing the backend...";

/** What it prints, then what the error is; the subcommand is apply where none is named. */
test.each<[what: string, said: string, code: string, message: RegExp, verb?: string]>([
  [
    "a backend that cannot be reached, though its reason speaks of a provider",
    `${backend}\n╷\n│ Error: validating provider credentials: no such host\n╵`,
    "STATE_UNREACHABLE",
    /kept: validating provider credentials: no such host$/,
    "init",
  ],
  [
    "a provider that cannot be fetched",
    `${backend}\nInitializing provider plugins...\n╷\n│ Error: Failed to query available provider packages\n╵`,
    "PROVIDER_MISSING",
    /Failed to query available provider packages$/,
    "init",
  ],
  [
    "a file of its own that init cannot read, before it comes to either",
    "╷\n│ Error: Error in CLI configuration file\n╵",
    "TERRAFORM_FAILED",
    /^terraform init failed: Error in CLI/,
    "init",
  ],
  [
    "a state that cannot be read, in colours",
    "\u001b[31mError loading the state: Unable to list objects\u001b[0m",
    "STATE_UNREACHABLE",
    /kept: Error loading the state: Unable to list objects$/,
    "state",
  ],
  [
    "a lock that nobody holds, and that cannot be had",
    locked(
      "Error message: open ssh-trust.tfstate: read-only file system\n\nTerraform acquires a state lock to protect the state",
    ),
    "STATE_UNREACHABLE",
    /Error message: open ssh-trust.tfstate: read-only file system$/,
    "plan",
  ],
  [
    "a state that OpenTofu encrypted, and Terraform reads",
    'Failed to refresh state: Unsupported state file format: The state file does not have a "version" attribute, which is required',
    "STATE_ENCRYPTION_OTHER",
    /: does not have a "version" attribute$/,
    "state",
  ],
  [
    "a state that is encrypted, and no key",
    "Failed to refresh state: Unsupported state file format: This state file is encrypted and can not be read without an encryption",
    "STATE_ENCRYPTION_OTHER",
    /: state file is encrypted and can not be read$/,
    "state",
  ],
  [
    "a state that is not encrypted, and a key",
    locked("Error message: encountered unencrypted payload without unencrypted method configured"),
    "STATE_ENCRYPTION_OTHER",
    /: encountered unencrypted payload without unencrypted method configured$/,
    "plan",
  ],
  [
    "a state with another key",
    "Error: decryption failed for all provided methods: attempted decryption failed for state",
    "STATE_ENCRYPTION_OTHER",
    /: decryption failed for all provided methods$/,
    "init",
  ],
  ["a plan that is too old", error("Saved plan is stale", "The given plan file"), "STATE_CHANGED", /somebody else applied/],
  ["a state that was not saved", error("Failed to save state", "no space left"), "STATE_NOT_SAVED", /: no space left$/],
  [
    "nothing that a person reads, as on a disk that is full",
    version,
    "TERRAFORM_FAILED",
    /^terraform apply failed: [^{]*exit code 1/,
  ],
  ["prose", "╷\n│ Error: no such thing\n╵", "TERRAFORM_FAILED", /^terraform apply failed: no such thing$/],
  ["a lock with its holder", locked(`resource busy\n${info}`), "STATE_LOCKED", /locked by me@here since 2026-11-27/],
  [
    "a lock of the http backend, which tells the asker as the holder",
    locked(`HTTP remote state already locked: ID=9d6a\n${info}`),
    "STATE_LOCKED",
    /^(?!.*me@here)/,
  ],
  [
    "a lock of the pg backend, which tells the asker and no more",
    locked(`Workspace is already locked: default\n${info}`),
    "STATE_LOCKED",
    /^(?!.*me@here).*does not tell/,
  ],
])("%s", async (_what, said, code, message, verb = "apply") => {
  const binary = join(dir, "terraform");
  await writeFile(binary, `#!/bin/sh\ncat <<'EOF'\n${said}\nEOF\nexit 1\n`, { mode: 0o755 });
  const vault = { address: "http://127.0.0.1:1", token: "no-token", namespace: undefined, tls: {} };
  await expect(run({ binary, cliConfig: "/dev/null", vault }, dir, [verb])).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    ...(said.includes("9d6a")
      ? { hint: expect.arrayContaining([expect.objectContaining({ run: expect.stringMatching(/force-unlock 9d6a$/) })]) }
      : {}),
  });
});

test.each([
  ["its own copy is whole", error("Failed to write state", "full"), "{}", ["state push errored.tfstate", "apply --adopt"]],
  ["there was no room for that either, nor for its words", "", "", ["apply --adopt"]],
])("what to do about a state that was not saved: %s", async (_what, said, copy, runs) => {
  const binary = join(dir, "terraform");
  await writeFile(binary, `#!/bin/sh\nprintf '%s' '${copy}' >errored.tfstate\necho '${said}'\nexit 1\n`, { mode: 0o755 });
  const vault = { address: "http://127.0.0.1:1", token: "no-token", namespace: undefined, tls: {} };
  const failed = await run({ binary, cliConfig: "/dev/null", vault }, dir, ["apply"]).catch((caught: unknown) => caught);
  expect(failed).toMatchObject({ code: "STATE_NOT_SAVED" });
  const commands = (failed as SshTrustError).hint.flatMap(({ run: each }) =>
    each === undefined ? [] : [typed(each, "ssh-trust")],
  );
  expect(commands).toEqual(runs.map((each) => expect.stringContaining(each)));
});
