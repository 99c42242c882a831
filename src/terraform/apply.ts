/** Terraform (or OpenTofu) itself: init when needed, apply, and taking over what is there but not in the state. */
import { initialise } from "./initialise.js";
import { readChanges, type Applied } from "./machine-output.js";
import { run, type Terraform } from "./run.js";
import { lockTimeout, planFile } from "./plan.js";
import { adopt, type Existing } from "./imports.js";

/**
 * Brings Vault to what the configuration in `dir` says.
 * @param existing what is in Vault already; it is imported where the state does not know it, so that a lost state loses nothing
 * @param signal looked at between the steps: a Terraform that applies is not stopped half-way
 * @throws VAULT_NOT_OURS, TERRAFORM_FAILED, PROVIDER_MISSING, TOOL_MISSING
 */
export async function apply(terraform: Terraform, dir: string, existing: Existing, signal?: AbortSignal): Promise<Applied> {
  await adopt(dir, existing);
  signal?.throwIfAborted();
  await initialise(terraform, dir);
  signal?.throwIfAborted();
  return toItsEnd(terraform, dir, ["-auto-approve"], signal);
}

/** Does what a plan says, which `planIn` wrote to `dir`. @throws as apply */
export function applyPlan(terraform: Terraform, dir: string, signal?: AbortSignal): Promise<Applied> {
  return toItsEnd(terraform, dir, [planFile], signal);
}

async function toItsEnd(terraform: Terraform, dir: string, what: readonly string[], signal?: AbortSignal): Promise<Applied> {
  // Who listens is waited for.
  const listening = () => undefined;
  signal?.addEventListener("abort", listening);
  try {
    const args = ["apply", "-json", "-input=false", lockTimeout, ...what];
    const { stdout } = await run(terraform, dir, args, { outlives: true });
    signal?.throwIfAborted();
    return readChanges(stdout);
  } finally {
    signal?.removeEventListener("abort", listening);
  }
}
