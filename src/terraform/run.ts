/** Running Terraform (or OpenTofu) on one configuration. */
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import type { VaultSettings } from "../settings/vault.js";
import { inOneLine, readError, readLock } from "./machine-output.js";

export interface Terraform {
  /** The program, absolute or on PATH. */
  readonly binary: string;
  /** The CLI configuration that says where the provider comes from. */
  readonly cliConfig: string;
  /** Where the provider finds Vault; the token goes through the environment, never into a file. */
  readonly vault: Pick<VaultSettings, "address" | "namespace" | "tls"> & { readonly token: string };
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

/** @throws TERRAFORM_FAILED, STATE_LOCKED, PROVIDER_MISSING, TOOL_MISSING */
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
  const command = `${terraform.binary.replace(/^.*\//, "")} ${args[0] ?? ""}`;
  if (result.code === "ENOENT") {
    const how = {
      say: "install Terraform or OpenTofu, or name the one that is to be used",
      run: "export TERRAFORM_BINARY_NAME=<program>",
    };
    throw fail("TOOL_MISSING", { tool: terraform.binary, why: "it applies the stacks", kind: "found", how });
  }
  const reason = readError(result.stdout) ?? (reasonIn(result.all) || (result.shortMessage ?? "it failed"));
  const cause = new Error(result.all); // not the result itself: it holds the environment, and so the token
  const lock = readLock(result.all);
  if (lock !== undefined)
    throw fail("STATE_LOCKED", { ...lock, binary: shellWord(terraform.binary), dir: shellWord(dir) }, cause);
  if (args[0] === "init" && /provider/i.test(reason)) throw fail("PROVIDER_MISSING", { reason }, cause);
  throw fail("TERRAFORM_FAILED", { command, reason }, cause);
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

/**
 * By these, its client would go another way than ours, or trust others; its log would hold the token; it would do something else
 * than it is told, or in another place: it does not get them.
 */
const otherWays = [
  "TERRAFORM_VAULT_SKIP_CHILD_TOKEN",
  "TF_CLI_ARGS",
  "TF_CLI_ARGS_apply",
  "TF_CLI_ARGS_init",
  "TF_CLI_ARGS_plan",
  "TF_CLI_ARGS_show",
  "TF_DATA_DIR",
  "TF_LOG",
  "TF_LOG_CORE",
  "TF_LOG_PATH",
  "TF_LOG_PROVIDER",
  "TF_WORKSPACE",
  "VAULT_AGENT_ADDR",
  "VAULT_PROXY_ADDR",
  "VAULT_HTTP_PROXY",
  "VAULT_SRV_LOOKUP",
  "VAULT_CAPATH",
  "VAULT_CACERT_BYTES",
  "VAULT_SKIP_VERIFY",
];

/** What Terraform and Vault's provider are told, in addition to our own environment: https://registry.terraform.io/providers/hashicorp/vault */
export function terraformEnvironment({
  cliConfig,
  vault,
}: Pick<Terraform, "cliConfig" | "vault">): Record<string, string | undefined> {
  const { address, token, namespace, tls } = vault;
  return {
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    // Its reads meet the fleet's own rate limits, and wait for them; two tries, as usual, are not enough for a large fleet.
    VAULT_MAX_RETRIES: "15",
    VAULT_ADDR: address,
    VAULT_TOKEN: token,
    VAULT_NAMESPACE: namespace,
    VAULT_CACERT: tls.caCert,
    VAULT_CLIENT_CERT: tls.client?.cert,
    VAULT_CLIENT_KEY: tls.client?.key,
    VAULT_TLS_SERVER_NAME: tls.serverName,
    ...Object.fromEntries(otherWays.map((name) => [name, undefined])),
  };
}

/** The first error of `init`, which says it in prose; what is for machines says nothing here. */
function reasonIn(output: string): string {
  const prose = output.replaceAll(/^\{"@level".*$/gm, "");
  const [, error] = /Error: ([\s\S]*?)(?:\n\s*with |\n\s*on |\n\n\n|$)/.exec(prose) ?? [];
  return inOneLine(error ?? prose);
}
