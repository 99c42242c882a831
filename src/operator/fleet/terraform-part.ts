/** The part of an apply that is Terraform's: synthesised, held against what is there, planned. */
import { join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { applyPlan } from "../../terraform/apply.js";
import { writeImports } from "../../terraform/imports.js";
import { initialise } from "../../terraform/initialise.js";
import type { Applied } from "../../terraform/machine-output.js";
import { planIn, showPlan, type Planned } from "../../terraform/plan.js";
import type { Terraform } from "../../terraform/run.js";
import { pullState, readStateFile, type Known } from "../../terraform/state.js";
import { synthesiseFleet, type FleetSynthesis } from "../../terraform/synth.js";
import type { VaultApi } from "../../vault/api.js";
import { requireToken } from "../../vault/token.js";
import { readConfigured } from "./configured.js";
import { findExisting } from "./existing.js";
import { refuseForeignRoles, refuseMovedMounts } from "./guard.js";
import type { FleetOperator, Places, TerraformProgram } from "./operator.js";

export interface TerraformPart extends Planned {
  /** As Terraform shows it to people. */
  readonly shown: () => Promise<string>;
  readonly apply: () => Promise<Applied>;
}

/**
 * @throws FLEET_FOREIGN_ROLE, FLEET_MOUNT_MOVED, FLEET_NOT_OURS, FLEET_GROUP_TAKEN, VAULT_MOUNT_CONFLICT, STATE_LOCKED,
 *   STATE_DAMAGED, TERRAFORM_FAILED, PROVIDER_MISSING, OPERATOR_PACKAGES_MISSING
 */
export function planTerraform(operator: FleetOperator, terraform: TerraformProgram, api: VaultApi): Promise<TerraformPart> {
  const { fleet, vault, places, mayAdopt, progress, signal } = operator;
  const to: Terraform = { ...terraform, vault: { ...vault, token: requireToken(vault) } };
  return progress.during("Terraform plans", async (detail) => {
    detail("synth");
    const dir = await writeConfiguration(synthesisOf(fleet, places.stateFile, terraform.provider), places.work);
    signal?.throwIfAborted();
    detail("what is there");
    const known = await knownBy(to, dir, fleet, places);
    refuseMovedMounts(fleet, known, undefined);
    await refuseForeignRoles(api, fleet, known);
    const configured = await readConfigured(dir);
    const found = await findExisting(api, configured, known);
    if (found.length > 0 && !mayAdopt) throw fail("FLEET_NOT_OURS", { what: found.map(({ what }) => what).join(", ") });
    await writeImports(
      dir,
      found.map(({ to: address, id }) => ({ to: address, id })),
    );
    signal?.throwIfAborted();
    detail("plan");
    return {
      ...(await planIn(to, dir)),
      shown: () => showPlan(to, dir),
      apply: () => progress.during("Terraform applies", () => applyPlan(to, dir, signal)),
    };
  });
}

/** @returns the folder with the configuration */
export async function writeConfiguration(synthesis: FleetSynthesis, work: string): Promise<string> {
  await synthesiseFleet(synthesis, work);
  return join(work, "stacks", "fleet");
}

/** With its state where the fleet file says, or in a file. */
export const synthesisOf = (fleet: Fleet, stateFile: string, provider: string): FleetSynthesis => ({
  fleet,
  state: fleet.state ?? { backend: "local", settings: { path: stateFile } },
  provider,
});

async function knownBy(terraform: Terraform, dir: string, { state }: Fleet, { stateFile }: Places): Promise<Known> {
  if (state === undefined) return readStateFile(stateFile);
  await initialise(terraform, dir);
  return pullState(terraform, dir);
}
