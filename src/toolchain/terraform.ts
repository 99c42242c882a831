import { fail } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { atLeast } from "../ground/compare-versions.js";
import { findProgram } from "./find-program.js";
import { fetchOpenTofu } from "./go-program.js";
import type { Program } from "./part.js";
import { run, type Environment } from "./run.js";
import type { ToolchainOptions } from "./toolchain-options.js";
import { opentofu, terraform } from "./versions.js";

/** The program that applies the stacks. The two look providers up in different registries. */
export type Terraform = Program & { readonly name: "terraform" | "opentofu" };

const minimum = { terraform: terraform.minimum, opentofu: opentofu.minimum };

/**
 * The Terraform (or OpenTofu) to use: the one that was named, or the one on PATH, or OpenTofu from the cache, or built.
 * @throws TOOL_MISSING, TOOL_TOO_OLD, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function resolveTerraform(
  settings: ToolchainSettings,
  progress: Progress,
  options: ToolchainOptions = {},
): Promise<Terraform> {
  if (settings.terraformBinary !== undefined) return named(settings.terraformBinary, options.environment);
  const [onPath, tofu] = await Promise.all(["terraform", "tofu"].map((name) => examine(name, options.environment)));
  const found = [onPath, tofu].find((one) => one !== undefined && atLeast(one.version, minimum[one.name]));
  return found ?? fetchOpenTofu(settings, progress, options);
}

async function named(name: string, environment: Environment): Promise<Terraform> {
  const how = { say: "name one that is installed, or have one found or built", run: "unset TERRAFORM_BINARY_NAME" };
  const found = await examine(name, environment);
  if (found === undefined) throw fail("TOOL_MISSING", { tool: name, why: "TERRAFORM_BINARY_NAME names it", kind: "named", how });
  const needed = minimum[found.name];
  if (!atLeast(found.version, needed)) throw fail("TOOL_TOO_OLD", { tool: found.binary, version: found.version, needed, how });
  return found;
}

// it would otherwise ask the network whether there is a newer one, and read a person's own configuration
const quiet = {
  CHECKPOINT_DISABLE: "1",
  TF_CLI_CONFIG_FILE: "/dev/null",
  TF_CLI_ARGS: "",
  TF_CLI_ARGS_version: "",
  TF_LOG: "",
  TF_LOG_PATH: "",
};

async function examine(name: string, environment: Environment): Promise<Terraform | undefined> {
  const binary = await findProgram(name, environment);
  if (binary === undefined) return undefined;
  const options = { environment, set: quiet, cwd: "/", timeout: 10_000 };
  const { stdout } = await run(binary, ["version"], options).catch(() => ({ stdout: "" }));
  const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout) ?? [];
  if (version === undefined) return undefined;
  return { name: product === "OpenTofu" ? "opentofu" : "terraform", version, how: "found", where: binary, binary };
}
