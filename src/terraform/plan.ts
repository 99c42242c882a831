/** What Terraform would do, in its own words and in numbers. */
import { initialise } from "./initialise.js";
import { readChanges, type Applied } from "./machine-output.js";
import { run, type Terraform } from "./run.js";

/** The plan, in the folder of its configuration. */
export const planFile = "plan.tfplan";
/** A Terraform that outlived the killed run that started it may still hold the lock. */
export const lockTimeout = "-lock-timeout=60s";

export interface Planned {
  readonly changes: boolean;
  readonly counts: Applied;
}

/**
 * Writes a plan for the configuration in `dir`, which is initialised where that is needed.
 * @throws TERRAFORM_FAILED, STATE_LOCKED, PROVIDER_MISSING, TOOL_MISSING
 */
export async function planIn(terraform: Terraform, dir: string): Promise<Planned> {
  await initialise(terraform, dir);
  const args = ["plan", "-json", "-input=false", "-detailed-exitcode", lockTimeout, `-out=${planFile}`];
  const { stdout, status } = await run(terraform, dir, args, { accept: [2] });
  return { changes: status === 2, counts: readChanges(stdout, "plan") };
}

/** The plan as Terraform shows it to people. */
export async function showPlan(terraform: Terraform, dir: string): Promise<string> {
  return (await run(terraform, dir, ["show", "-no-color", planFile])).stdout;
}
