/** What an apply of a fleet costs where nothing changes: `ssh-trust apply` against Terraform alone, on a fleet of 5 groups and 20 rules. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { finish } from "../lab/face/task.js";
import type { Lab } from "../lab/lab.js";
import { fetchOpenBao } from "../lab/toolchain/openbao.js";
import { waitUntil } from "../src/ground/wait.js";
import { print } from "../src/terminal/report.js";
import { resolveTerraform } from "../src/toolchain/terraform.js";
import { median } from "./median.js";

const limit = 1.5;
const port = 18_210;
const address = `http://127.0.0.1:${String(port)}`;
const token = "of-a-measurement";

export async function apply(lab: Lab, rounds: number): Promise<void> {
  const { settings, progress } = lab;
  const { binary: server } = await fetchOpenBao(settings, progress);
  const { binary: terraform } = await resolveTerraform(settings, progress);
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-bench-"));
  const dev = [
    "server",
    "-dev",
    "-dev-no-store-token",
    `-dev-root-token-id=${token}`,
    `-dev-listen-address=127.0.0.1:${String(port)}`,
  ];
  const running = spawn(server, dev, { stdio: "ignore" });
  const ended = once(running, "exit");
  try {
    const answers = async () => (await fetch(`${address}/v1/sys/health`).catch(() => undefined))?.ok === true;
    if (!(await waitUntil(answers, { seconds: 30 }))) throw new Error("the server does not answer");
    await writeFile(join(folder, "ssh-trust.yaml"), fleet());
    const env = { VAULT_TOKEN: token, VAULT_ADDR: address };
    const ours = () => secondsOf(process.execPath, [join(settings.root, "bin/ssh-trust.js"), "apply", "--yes"], folder, env);
    await ours();
    const work = join(folder, ".ssh-trust/terraform-ssh-trust");
    const cliConfig = { TF_CLI_CONFIG_FILE: join(work, "terraform.rc"), CHECKPOINT_DISABLE: "1" };
    const alone = () =>
      secondsOf(terraform, ["apply", "-auto-approve", "-input=false"], join(work, "stacks/fleet"), { ...env, ...cliConfig });
    const took = { ours: [] as number[], alone: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      took.ours.push(await ours());
      took.alone.push(await alone());
    }
    const ratio = median(took.ours) / median(took.alone);
    if (ratio > limit) finish(1);
    print(
      `${ratio.toFixed(2)} × (limit ${String(limit)} ×)  ssh-trust apply that changes nothing, 5 groups and 20 rules, against ` +
        `terraform apply alone (medians of ${String(rounds)}: ${median(took.ours).toFixed(2)} s, ${median(took.alone).toFixed(2)} s)`,
    );
  } finally {
    running.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true });
  }
}

function fleet(): string {
  const groups = ["web", "db", "cache", "queue", "edge"];
  const people = ["platform", "dba", "support", "release"];
  const hosts = groups.map((name) => `  ${name}: { names: "${name}-*.example.org", accounts: [deploy, ops] }`);
  const rules = groups.flatMap((on) => people.map((who) => `  - { name: ${who}-${on}, who: ${who}, on: ${on}, as: [deploy] }`));
  const lists = { hosts, people: people.map((name) => `  ${name}: {}`), access: rules };
  return [
    `vault: ${address}`,
    "domains: [example.org]",
    ...Object.entries(lists).flatMap(([key, lines]) => [`${key}:`, ...lines]),
    "",
  ].join("\n");
}

async function secondsOf(program: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<number> {
  const begun = performance.now();
  await execa(program, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  return (performance.now() - begun) / 1000;
}
