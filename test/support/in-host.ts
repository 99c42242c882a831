/**
 * `ssh-trust`, and npm tasks, without a process for each call: most of what a call costs is Node's start. command-host.js runs
 * them, from the same files and with the same result. What a test says of the process itself needs one of its own: signals, terminals, who
 * writes to and reads from its pipes, what Node reads of the environment when it starts, arguments that others can see.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { compiledFolder, root, sshTrustFile, type Ran } from "./project.js";

export interface CallOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On standard input; nothing where it is left out. */
  readonly input?: string;
}

const hostFile = join(root, "test/support/command-host.js");
/** Read when a process starts, and not again. */
const readAtStart = /^(?:NODE_|NO_COLOR$|FORCE_COLOR$|TZ$)/;

const hosts = new Set<ChildProcess>();
const idle: ChildProcess[] = [];
/** A file's own afterAll comes after the one below: what is called there has a host for that call. */
let over = false;

/** Runs `ssh-trust <args>`; calls at the same time run in several hosts. */
export const sshTrustInHost = (args: readonly string[], options: CallOptions): Promise<Ran> =>
  inHost(sshTrustFile, args, options);

/** Runs what `npm run <name> -- <args>` starts. */
export const taskInHost = (name: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> =>
  inHost(join(compiledFolder, `${name}.js`), args, { cwd: root, env });

async function inHost(file: string, args: readonly string[], { cwd, env = {}, input = "" }: CallOptions): Promise<Ran> {
  const early = Object.keys(env).filter((name) => readAtStart.test(name));
  if (early.length > 0) throw new Error(`${early.join(", ")}: a command that is to read this needs a process of its own`);
  const host = idle.pop() ?? startHost();
  const answer = answerOf(host);
  host.send({ file, args, cwd, input, env: { ...process.env, NPM_CONFIG_LOGLEVEL: "silent", ...env } });
  const { exit, stdout, stderr, all } = await answer;
  if (over) await end(host);
  else idle.push(host);
  return { exit, stdout: trimmed(stdout), stderr: trimmed(stderr), all: trimmed(all) };
}

function startHost(): ChildProcess {
  const host = fork(hostFile, {
    cwd: root,
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  hosts.add(host);
  return host;
}

function answerOf(host: ChildProcess): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const ended = (status: number | null, signal: string | null) => {
      reject(new Error(`the host of commands ended (${signal ?? String(status)}); what it said stands above`));
    };
    host.once("exit", ended).once("message", (answer) => {
      host.off("exit", ended);
      resolve(answer as Ran);
    });
  });
}

/** As execa has it: without the last line break. */
const trimmed = (text: string) => text.replace(/\n$/, "");

// With the file of tests whose commands they ran.
afterAll(async () => {
  over = true;
  idle.length = 0;
  await Promise.all([...hosts].map(end));
});

async function end(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  host.kill("SIGKILL");
  await once(host, "exit");
}
