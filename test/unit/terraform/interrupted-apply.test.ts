/** A Terraform that applies is not stopped half-way, whoever is interrupted. It is a slow shell script here, which prints as it goes. */
import { access, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";
import { root, until } from "../../support/project.js";

const slow = `#!/bin/sh
[ "$1" = apply ] || exit 0
trap 'echo interrupted >>signals' INT TERM
for line in 1 2 3 4 5 6 7 8; do
  echo "{\\"type\\":\\"progress\\",\\"line\\":$line}"
  echo "on standard error: $line" >&2
  echo "$line" >begun
  sleep 0.25
done
echo '{"type":"change_summary","changes":{"add":1,"change":0,"remove":0,"operation":"apply"}}'
echo whole >state
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-apply-"));
  await writeFile(join(folder, "terraform"), slow, { mode: 0o755 });
  await writeFile(join(folder, "cli.tfrc"), "");
  await writeFile(join(folder, "cdk.tf.json"), "{}");
  const from = (file: string) => JSON.stringify(join(root, file));
  await writeFile(
    join(folder, "command.mjs"),
    `import { verb } from ${from("src/terminal/command.ts")};
import { main, signalOf } from ${from("src/terminal/main.ts")};
import { apply } from ${from("src/terraform/apply.ts")};
const terraform = {
  binary: ${JSON.stringify(join(folder, "terraform"))},
  cliConfig: ${JSON.stringify(join(folder, "cli.tfrc"))},
  vault: { address: "http://127.0.0.1:1", token: "no-token", namespace: undefined, tls: {} },
};
const command = verb("work", []).action(async (_options, declared) => {
  const { added } = await apply(terraform, ${JSON.stringify(folder)}, { there: [], mayAdopt: false }, signalOf(declared));
  console.log("went on, added " + String(added));
});
await main(command, { program: "ssh-trust" });
`,
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const has = (name: string) => () =>
  access(join(folder, name)).then(
    () => true,
    () => false,
  );

/** Applies, and sends the signals once Terraform is at work. */
async function interrupted(...signals: readonly NodeJS.Signals[]) {
  const args = ["--import", "tsx/esm", join(folder, "command.mjs")];
  const work = execa(process.execPath, args, { cwd: root, reject: false, stdin: "ignore", all: true, timeout: 30_000 });
  await until("Terraform is at work", 20, has("begun"));
  for (const signal of signals) {
    work.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100)); // two signals at once are one
  }
  const { exitCode, all } = await work;
  return { exit: exitCode, all, ended: await has("state")() };
}

test("without an interruption: what it did is read, from a file that only its owner reads", async () => {
  const { exit, all } = await interrupted();
  expect(all).toContain("went on, added 1");
  expect(exit).toBe(0);
  expect((await stat(join(folder, "terraform.log"))).mode & 0o777).toBe(0o600);
}, 180_000);

test("interrupted once: it is waited for, and nothing is begun after it", async () => {
  const { exit, all, ended } = await interrupted("SIGINT");
  expect(ended).toBe(true);
  expect(all).not.toContain("went on");
  expect(exit).toBe(130);
}, 180_000);

test("interrupted twice: we end, and it goes on to its end, printing", async () => {
  const { exit, ended } = await interrupted("SIGINT", "SIGINT");
  expect(exit).toBe(130);
  expect(ended).toBe(false);
  await until("Terraform is at its end", 20, has("state"));
  expect(await readFile(join(folder, "terraform.log"), "utf8")).toMatch(/"line":8}[^]*change_summary/);
  expect(await has("signals")()).toBe(false);
}, 180_000);
