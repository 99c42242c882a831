import { fail } from "../errors/catalogue.js";
import type { Progress } from "../../src/ground/progress.js";
import type { LabSettings } from "../settings/lab.js";
import { atLeast } from "../../src/ground/compare-versions.js";
import { findOrInstall, howToInstall, type Need } from "../../src/toolchain/find-or-install.js";
import { findProgram } from "../../src/toolchain/find-program.js";
import type { Program } from "../../src/toolchain/part.js";
import { run } from "../../src/toolchain/run.js";
import { readSystem } from "../../src/toolchain/system.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";
import { openssh } from "./versions.js";

interface Client extends Need {
  /** All of them must be there; the first is the one that tells its version. */
  readonly programs: readonly [string, ...string[]];
  /** One that does as well, where they are not there. */
  readonly instead?: string;
  readonly ask: string;
  readonly version: RegExp;
  readonly minimum?: string;
}

const clients: readonly Client[] = [
  {
    tool: "openssh-client",
    packages: ["openssh-client"],
    why: "the lab's people log in with ssh, ssh-keygen and ssh-keyscan",
    programs: ["ssh", "ssh-keygen", "ssh-keyscan"],
    ask: "-V",
    version: /OpenSSH_(?:for_Windows_)?(\d[\w.]*)/,
    minimum: openssh.minimum,
  },
  {
    tool: "curl",
    packages: ["curl", "ca-certificates"],
    why: "the walkthrough asks Vault with it, as a host does",
    programs: ["curl"],
    ask: "--version",
    version: /^curl (\d[\w.]*)/,
  },
];

const shellcheck: Client = {
  tool: "shellcheck",
  packages: ["shellcheck"],
  why: "the tests check the shell scripts with it",
  programs: ["shellcheck"],
  ask: "--version",
  version: /^version: (\d[\w.]*)/m,
};

const rsync: Client = {
  tool: "rsync",
  packages: ["rsync"],
  why: "the tests copy files with it, through the agent",
  programs: ["rsync"],
  ask: "--version",
  version: /version v?(\d[\w.]*)/,
};

/** It has no windows, and takes half of the processor time of a whole Chromium. */
const chromium: Client = {
  tool: "chromium-headless-shell",
  packages: ["chromium-headless-shell"],
  why: "the tests look at the directory's pages with it, and chapter 24 takes pictures of them",
  programs: ["chromium-headless-shell"],
  instead: "chromium",
  ask: "--version",
  version: /^Chromium (\d[\w.]*)/,
};

/**
 * The programs that people and hosts use: OpenSSH's and curl.
 * @throws TOOL_MISSING, TOOL_TOO_OLD, FETCH_FAILED
 */
export async function resolveClients(
  settings: LabSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program[]> {
  // not all at once: two apt-get runs would get in each other's way
  const located: Located[] = [];
  for (const client of clients) located.push(await locate(client, settings, progress, surroundings));
  return Promise.all(located.map((one) => examine(one, surroundings)));
}

/**
 * ShellCheck, which only the tests need.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function resolveShellcheck(
  settings: LabSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program> {
  return examine(await locate(shellcheck, settings, progress, surroundings), surroundings);
}

/**
 * rsync, which only the tests need.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function resolveRsync(settings: LabSettings, progress: Progress, surroundings: Surroundings = {}): Promise<Program> {
  return examine(await locate(rsync, settings, progress, surroundings), surroundings);
}

/**
 * Chromium, which only the tests and one chapter need.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function resolveChromium(
  settings: LabSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program> {
  return examine(await locate(chromium, settings, progress, surroundings), surroundings);
}

export const isChromiumThere = async (): Promise<boolean> => (await findClient(chromium, undefined)) !== undefined;

interface Located {
  readonly client: Client;
  readonly binary: string;
  readonly installed: boolean;
}

async function locate(client: Client, settings: LabSettings, progress: Progress, surroundings: Surroundings): Promise<Located> {
  const find = () => findClient(client, surroundings.environment);
  const { found, installed } = await findOrInstall(client, find, settings, progress, surroundings);
  return { client, binary: found, installed };
}

async function findClient({ programs, instead }: Client, environment: Surroundings["environment"]): Promise<string | undefined> {
  const paths = await Promise.all(programs.map((name) => findProgram(name, environment)));
  if (!paths.includes(undefined)) return paths[0];
  return instead === undefined ? undefined : findProgram(instead, environment);
}

async function examine({ client, binary, installed }: Located, { environment, system }: Surroundings): Promise<Program> {
  const { stdout, stderr } = await run(binary, [client.ask], { environment, timeout: 10_000 });
  const version = client.version.exec(stdout + stderr)?.[1] ?? "of unknown version";
  if (client.minimum !== undefined && !atLeast(version, client.minimum)) {
    const how = howToInstall(client.packages, system ?? (await readSystem()));
    throw fail("TOOL_TOO_OLD", { tool: client.tool, version, needed: client.minimum, how });
  }
  const where = installed ? `the package ${client.tool}` : binary;
  return { name: client.tool, version, how: installed ? "installed" : "found", where, binary };
}
