/** Running the project's own commands as a person does. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";
import { execa } from "execa";
import { namesOf } from "../../lab/names.js";
import { askedLab } from "../../lab/settings/lab.js";
import { compiled } from "../../tools/task.js";
import { testLabel } from "../../tools/test-labels.js";

/** The lab of these tests: the default one, or that of SSH_TRUST_LAB. */
export const labNames = namesOf(askedLab());

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
    timeout: 1_740_000,
  });
  return { exit: exitCode ?? (signal === undefined ? 1 : 128), stdout, stderr, all };
}

/** For a program that reaches servers of others: what starts.js keeps from all the rest. */
export const outside = (): Record<string, string> => {
  const { EXTRA_CA_CERTS_OUTSIDE: file } = process.env;
  return file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };
};

/** Runs an npm task as a person does: `npmTask("sign-user-key", ["alice"])`. */
export const npmTask = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> =>
  run("npm", ["run", name, ...(args.length === 0 ? [] : ["--", ...args])], { env });

/** What npm runs for a task. Without npm it starts a quarter of a second earlier, hundreds of times. */
const typed = (name: string, args: readonly string[]): readonly string[] => [join(root, "tools/task.js"), name, ...args];

export const task = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> =>
  run(process.execPath, typed(name, args), { env });

/** The folder of all tasks and of the `ssh-trust` command, compiled from the sources as they are now. */
export const compiledFolder: string = await compiled();

/** What bin/ssh-trust.js of a checkout starts, after a look at all sources: a third of a start, more than a thousand times. */
export const sshTrustFile = join(compiledFolder, "ssh-trust.js");

/** A task that is interrupted: the caller waits for it. */
export const started = (name: string, args: readonly string[] = []) =>
  execa(process.execPath, typed(name, args), { cwd: root, reject: false, stdin: "ignore" });

export interface Killing {
  readonly name: string;
  readonly args?: readonly string[];
  /** Brings everything to where the task has something to do. */
  readonly ready?: () => Promise<unknown>;
  /** Its moment, such as that its container is there: the task is killed then. */
  readonly when: () => Promise<boolean>;
}

/**
 * Starts a task and kills it at its moment. A task that was quicker is started again.
 * @throws where it was never killed half-way
 */
export async function killedHalfWay({ name, args = [], ready, when }: Killing): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    await ready?.();
    const running = started(name, args);
    let over = false;
    void running.then(() => (over = true));
    try {
      await until(`${name} ${args.join(" ")} half-way`, 20, async () => over || (await when()), 10);
    } finally {
      running.kill("SIGKILL");
    }
    if ((await running).signal === "SIGKILL") return;
  }
  throw new Error(`${name} always ended before it could be killed`);
}

/** Expects that a command succeeds; where it does not, what it said is shown. */
export async function succeeds(command: Promise<Ran>): Promise<void> {
  const { exit, all } = await command;
  expect({ exit, all }).toEqual({ exit: 0, all });
}

/** The docker command. What it starts is labelled: should the tests be interrupted, it is swept. */
export function docker(...args: string[]): Promise<Ran> {
  const [verb = "", ...rest] = args;
  const label = ["run", "create"].includes(verb) ? ["--label", testLabel(root, labNames.lab)] : [];
  return run("docker", [verb, ...label, ...rest]);
}

/** Calls until the answer is true. @throws saying what was waited for */
export async function until(what: string, seconds: number, check: () => Promise<boolean>, every = 100): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${String(seconds)} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

const settings = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "GlobalKnownHostsFile=none"];
/** For an ssh that touches nobody's ~/.ssh: its own configuration, no agent, no keys but those named. */
export const sshOptions: readonly string[] = [
  ...["-F", "none"],
  ...[...settings, `UserKnownHostsFile=./${labNames.knownHosts}`].flatMap((setting) => ["-o", setting]),
];

export const ssh = (...args: string[]): Promise<Ran> => run("ssh", [...sshOptions, ...args]);

/** Alice on 3022 or Bob on 2022, as the story has it. */
export const login = (person: "alice" | "bob", port: number, ...options: string[]): Promise<Ran> =>
  ssh(...options, "-p", String(port), "-i", `${labNames.keys}/${person}_id_rsa`, "admin-ssh-user@localhost", "whoami");
