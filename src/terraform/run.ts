/** Running Terraform (or OpenTofu) on one configuration. */
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fail } from "../errors/catalogue.js";
import { terraformEnvironment, type TerraformSettings } from "./environment.js";
import { failureOf } from "./failure.js";

export interface Terraform extends TerraformSettings {
  /** The program, absolute or on PATH. */
  readonly binary: string;
}

interface RunOptions {
  /** Whether an interruption must not stop it. */
  readonly outlives?: boolean;
  /** Exit statuses that are no failure, beside 0. */
  readonly accept?: readonly number[];
}

/** What a program that did not fail printed, and its exit status. */
export interface Output {
  readonly stdout: string;
  readonly status: number;
}

/** @throws TERRAFORM_FAILED, STATE_LOCKED, STATE_UNREACHABLE, STATE_ENCRYPTION_OTHER, STATE_NOT_SAVED, STATE_CHANGED, PROVIDER_MISSING, TOOL_MISSING */
export async function run(
  terraform: Terraform,
  dir: string,
  args: readonly string[],
  { outlives = false, accept = [] }: RunOptions = {},
): Promise<Output> {
  const surroundings = { cwd: dir, env: terraformEnvironment(terraform), reject: false, stdin: "ignore" } as const;
  const result = await (outlives ? runDetached : runHere)(terraform.binary, args, surroundings);
  const status = result.exitCode ?? 1;
  if (!result.failed || accept.includes(status)) return { stdout: result.stdout, status };
  if (result.code === "ENOENT") {
    const how = {
      say: "install Terraform or OpenTofu, or name the one that is to be used",
      run: "export TERRAFORM_BINARY_NAME=<program>",
    };
    throw fail("TOOL_MISSING", { tool: terraform.binary, why: "it applies the stacks", kind: "found", how });
  }
  const cause = new Error(result.all); // not the result itself: it holds the environment, and so the token
  throw failureOf({ binary: terraform.binary, dir, args, ...result }, cause);
}

interface Ended {
  readonly failed: boolean;
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly shortMessage?: string | undefined;
  readonly stdout: string;
  /** Its standard output and error. */
  readonly all: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  readonly reject: false;
  readonly stdin: "ignore";
}

const runHere = (binary: string, args: readonly string[], surroundings: Surroundings): Promise<Ended> =>
  execa(binary, args, { ...surroundings, all: true });

/** Locked by a Terraform that outlives us, for as long as it is at work: its state is not to be read before it has ended. */
export const atWork = (dir: string): string => join(dir, "terraform.at-work");

/**
 * In a process group of its own, and not ended with us: it comes to its end, whoever is interrupted. What it prints goes to a
 * file, as it would be ended by a pipe that nobody reads any more. An earlier one that is still at work keeps its own file,
 * though that has no name any more.
 */
async function runDetached(binary: string, args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const file = join(surroundings.cwd, "terraform.log");
  await rm(file, { force: true });
  const log = await open(file, "wx", 0o600);
  try {
    const to = log.fd as 3; // any descriptor will do, but execa's types have the first ten only
    const detached = { detached: true, cleanup: false, stdout: to, stderr: to } as const;
    const { failed, code, exitCode, shortMessage } = await execa("flock", [atWork(surroundings.cwd), binary, ...args], {
      ...surroundings,
      ...detached,
    });
    const all = await readFile(file, "utf8");
    return { failed, code, exitCode, shortMessage, stdout: all, all };
  } finally {
    await log.close();
  }
}
