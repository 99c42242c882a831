/** Running the project's own commands as a person does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";
import { execa } from "execa";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal shows them. */
  readonly all: string;
}

/** Runs a program in the project's folder; never throws. */
export async function run(
  program: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; input?: string } = {},
): Promise<Ran> {
  const { exitCode, stdout, stderr, all, signal } = await execa(program, args, {
    cwd: options.cwd ?? root,
    env: { NPM_CONFIG_LOGLEVEL: "silent", ...options.env },
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
    all: true,
    reject: false,
    timeout: 480_000,
  });
  return { exit: exitCode ?? (signal === undefined ? 1 : 128), stdout, stderr, all };
}

/** Runs an npm task as a person does: `npmTask("sign-user-key", ["alice"])`. */
export const npmTask = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> =>
  run("npm", ["run", name, ...(args.length === 0 ? [] : ["--", ...args])], { env });

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Runs what package.json has for a task. Without npm it starts a quarter of a second earlier, hundreds of times. */
export function task(name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> {
  const [program, ...words] = scripts[name]?.split(" ") ?? [];
  if (program !== "node") throw new Error(`${name} is no task`);
  return run(process.execPath, [...words, ...args], { env });
}

/** Expects that a command succeeds; where it does not, what it said is shown. */
export async function succeeds(command: Promise<Ran>): Promise<void> {
  const { exit, all } = await command;
  expect({ exit, all }).toEqual({ exit: 0, all });
}

export const docker = (...args: string[]): Promise<Ran> => run("docker", args);

/** Calls until the answer is true. @throws saying what was waited for */
export async function until(what: string, seconds: number, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${String(seconds)} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const settings = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "GlobalKnownHostsFile=none"];
/** For an ssh that touches nobody's ~/.ssh: its own configuration, no agent, no keys but those named. */
export const sshOptions: readonly string[] = [
  ...["-F", "none"],
  ...[...settings, "UserKnownHostsFile=./known_hosts"].flatMap((setting) => ["-o", setting]),
];

export const ssh = (...args: string[]): Promise<Ran> => run("ssh", [...sshOptions, ...args]);

/** Alice on 3022 or Bob on 2022, as the story has it. */
export const login = (person: "alice" | "bob", port: number, ...options: string[]): Promise<Ran> =>
  ssh(...options, "-p", String(port), "-i", `ssh-keys/${person}_id_rsa`, "admin-ssh-user@localhost", "whoami");
