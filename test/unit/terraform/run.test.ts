/** Why a Terraform failed, in a sentence: from what it says for machines, from its prose, or from its silence. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
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

test.each([
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
])("%s", async (_what, said, code, message) => {
  const binary = join(dir, "terraform");
  await writeFile(binary, `#!/bin/sh\ncat <<'EOF'\n${said}\nEOF\nexit 1\n`, { mode: 0o755 });
  const vault = { address: "http://127.0.0.1:1", token: "no-token", namespace: undefined, tls: {} };
  await expect(run({ binary, cliConfig: "/dev/null", vault }, dir, ["apply"])).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    ...(said.includes("9d6a")
      ? { hint: expect.arrayContaining([expect.objectContaining({ run: expect.stringMatching(/force-unlock 9d6a$/) })]) }
      : {}),
  });
});
