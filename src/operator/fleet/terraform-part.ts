/** The part of an apply that is Terraform's: synthesised, held against what is there, planned. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { ownMethods } from "../../fleet/vault-names.js";
import { lock } from "../../ground/lock.js";
import { printable } from "../../ground/printable.js";
import { applyPlan } from "../../terraform/apply.js";
import { writeImports } from "../../terraform/imports.js";
import { initialise } from "../../terraform/initialise.js";
import type { Applied } from "../../terraform/machine-output.js";
import { planIn, showPlan, type Planned } from "../../terraform/plan.js";
import { atWork, type Terraform } from "../../terraform/run.js";
import { keepTainted, pullState, readStateFile, type Known, type State } from "../../terraform/state.js";
import { synthesiseFleet, type FleetSynthesis } from "../../terraform/synth.js";
import type { VaultApi } from "../../vault/api.js";
import { requireToken } from "../../vault/token.js";
import { readConfigured } from "./configured.js";
import { findExisting } from "./existing.js";
import { refuseForeignRoles, refuseMovedMethods, refuseMovedMounts } from "./guard.js";
import { markOf, otherServerIn, refuseOtherServer } from "./server-mark.js";
import { patience, type FleetOperator, type TerraformProgram } from "./operator.js";

export interface TerraformPart extends Planned {
  /** Whether the state is of another server, one before this perhaps. */
  readonly isOfOtherServer: boolean;
  /** As Terraform shows it to people. */
  readonly shown: () => Promise<string>;
  readonly apply: () => Promise<Applied>;
}

/**
 * @throws FLEET_OTHER_SERVER, FLEET_FOREIGN_ROLE, FLEET_MOUNT_MOVED, FLEET_NOT_OURS, FLEET_GROUP_TAKEN, VAULT_MOUNT_CONFLICT, STATE_LOCKED,
 *   STATE_DAMAGED, STATE_UNREACHABLE, STATE_ENCRYPTION_OTHER, STATE_NOT_SAVED, STATE_CHANGED, TERRAFORM_FAILED, PROVIDER_MISSING,
 *   OPERATOR_PACKAGES_MISSING
 */
export function planTerraform(
  operator: FleetOperator,
  terraform: TerraformProgram,
  api: VaultApi,
  cluster: string,
): Promise<TerraformPart> {
  const { fleet, vault, places, mayAdopt, progress, signal } = operator;
  const to: Terraform = { ...terraform, vault: { ...vault, token: requireToken(vault) } };
  return progress.during("Terraform plans", async (detail) => {
    detail("synth");
    const server = markOf(fleet, cluster);
    const synthesis = synthesisOf(fleet, places.stateFile, terraform.provider);
    const dir = await writeConfiguration({ ...synthesis, server }, places.work);
    signal?.throwIfAborted();
    detail("what is there");
    await whenEnded(dir);
    const state = () => stateOf(to, dir, synthesis.state);
    const before = await state();
    const { known, tainted, outputs } = before;
    const other = otherServerIn(outputs["server"]?.value, server);
    if (other !== undefined && !mayAdopt) refuseOtherServer(other, server, vault);
    refuseMovedMounts(fleet, known, undefined);
    refuseMovedMethods(fleet, known);
    await refuseForeignRoles(api, fleet, known);
    const configured = await readConfigured(dir);
    const found = await findExisting(api, configured, known);
    if (found.length > 0 && !mayAdopt)
      throw fail("FLEET_NOT_OURS", { what: found.map(({ what }) => printable(what)).join("\n") });
    await writeImports(
      dir,
      found.map(({ to: address, id }) => ({ to: address, id })),
    );
    signal?.throwIfAborted();
    // A mount is never destroyed to be made anew: it may hold a key, or people's passwords.
    const half = tainted.filter((address) => /^vault_(mount|auth_backend)\./.test(address));
    if (half.length > 0) {
      await initialise(to, dir);
      await keepTainted(to, dir, half);
    }
    const withoutPasswords = endingPasswords(fleet, known);
    const { revision } = half.length > 0 ? await state() : before;
    detail("plan");
    return {
      ...(await planIn(to, dir)),
      isOfOtherServer: other !== undefined,
      shown: () => showPlan(to, dir),
      apply: () =>
        progress.during("Terraform applies", async () => {
          // Terraform would take the second factor away first, and an apply that ends there would leave the password alone.
          if (withoutPasswords !== undefined) {
            if ((await state()).revision !== revision) throw fail("STATE_CHANGED", undefined);
            await api.delete(`sys/auth/${withoutPasswords}`);
          }
          return applyPlan(to, dir, signal);
        }),
    };
  });
}

/** The mount where people have passwords, where the file does not have it any more. */
function endingPasswords(fleet: Fleet, known: Known): string | undefined {
  const path = known.get("vault_auth_backend.sign-in_userpass")?.["path"];
  return typeof path === "string" && !ownMethods(fleet).some(({ method }) => method === "userpass") ? path : undefined;
}

/** Waits for a Terraform whose own apply was killed. @throws FLEET_APPLY_RUNNING */
async function whenEnded(dir: string): Promise<void> {
  const release = await lock(atWork(dir), patience);
  if (release === undefined) throw fail("FLEET_APPLY_RUNNING", { folder: dir, seconds: String(patience) });
  await release();
}

/** @returns the folder with the configuration */
export async function writeConfiguration(synthesis: FleetSynthesis, work: string): Promise<string> {
  await synthesiseFleet(synthesis, work);
  return join(work, "stacks", "fleet");
}

/** With its state where the fleet file says, or in a file. A file that it names is looked for from the fleet file. */
export function synthesisOf(fleet: Fleet, stateFile: string, provider: string): FleetSynthesis {
  const { backend, settings } = fleet.state ?? { backend: "local", settings: {} };
  if (backend !== "local") return { fleet, state: { backend, settings }, provider };
  const { path } = settings;
  const named = typeof path === "string" && path !== "" ? path : basename(stateFile);
  const file = isAbsolute(named) ? named : join(dirname(stateFile), named);
  return { fleet, state: { backend, settings: { ...settings, path: file } }, provider };
}

async function stateOf(terraform: Terraform, dir: string, { backend, settings }: FleetSynthesis["state"]): Promise<State> {
  const inFile = backend === "local" ? await readStateFile(String(settings["path"])) : undefined;
  if (inFile !== undefined) return inFile;
  await initialise(terraform, dir);
  return pullState(terraform, dir);
}
