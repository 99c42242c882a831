/** What the published package costs: its size where it is installed, and how long its command takes to start. */
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { finish } from "../lab/face/task.js";
import type { Lab } from "../lab/lab.js";
import { print } from "../src/terminal/report.js";
import { median } from "./median.js";

const megabytes = 20;
/** Calls of the command, and how many times `node -e 0` each may take. */
const calls: readonly (readonly [call: string, limit: number])[] = [
  ["--version", 1.5],
  ["--help", 1.5],
  ["offline-ca list", 2],
  ["trace --help", 2],
];

export async function start({ settings }: Lab, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-bench-"));
  try {
    const installed = await install(settings.root, folder);
    const size = (await sizeOf(installed)) / 1e6;
    report(size, megabytes, "MB", "the package, installed in an empty folder");
    const program = join(installed, ".bin", "ssh-trust");
    await makeCa(program, folder);
    const node: number[] = [];
    const took = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      node.push(await secondsOf(["-e", "0"], folder));
      for (const [call] of calls) {
        took.set(call, [...(took.get(call) ?? []), await secondsOf([program, ...call.split(" ")], folder)]);
      }
    }
    for (const [call, limit] of calls) {
      const ratio = median(took.get(call) ?? []) / median(node);
      report(ratio, limit, "×", `ssh-trust ${call} against node -e 0 (medians of ${String(rounds)})`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function report(value: number, limit: number, unit: string, what: string): void {
  if (value > limit) finish(1);
  print(`${value.toFixed(2)} ${unit} (limit ${String(limit)} ${unit})  ${what}`);
}

/** Packs and installs it as a person would. @returns its node_modules */
async function install(root: string, folder: string): Promise<string> {
  const quiet = ["--silent", "--pack-destination", folder];
  const { stdout } = await execa("npm", ["pack", ...quiet], { cwd: root });
  const project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), "{}\n");
  const archive = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  await execa("npm", ["install", "--silent", "--no-audit", "--no-fund", archive], { cwd: project });
  return join(project, "node_modules");
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await lstat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function makeCa(program: string, folder: string): Promise<void> {
  await writeFile(join(folder, "passphrase"), "a passphrase for a measurement\n", { mode: 0o600 });
  const args = ["offline-ca", "init", "--domain", "example.org", "--passphrase-file", "passphrase"];
  await execa(program, args, { cwd: folder });
}

async function secondsOf(args: readonly string[], cwd: string): Promise<number> {
  const begun = performance.now();
  await execa(process.execPath, args, { cwd, stdio: "ignore" });
  return (performance.now() - begun) / 1000;
}
