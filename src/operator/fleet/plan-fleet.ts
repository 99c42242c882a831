/** What has to change for Vault to be what a fleet file says: planned first, then done. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import { describeChanges, type Change } from "../../fleet/changes.js";
import type { Fleet } from "../../fleet/fleet.js";
import { lock } from "../../ground/lock.js";
import type { Progress } from "../../ground/progress.js";
import type { VaultSettings } from "../../settings/vault.js";
import { applyPlan } from "../../terraform/apply.js";
import { writeImports } from "../../terraform/imports.js";
import { initialise } from "../../terraform/initialise.js";
import type { Applied } from "../../terraform/machine-output.js";
import { planIn, showPlan, type Planned } from "../../terraform/plan.js";
import type { Terraform } from "../../terraform/run.js";
import { pullState, readStateFile, type Known } from "../../terraform/state.js";
import { synthesiseFleet, type FleetSynthesis } from "../../terraform/synth.js";
import { openVaultApi, type VaultApi } from "../../vault/api.js";
import { connectVault } from "../../vault/client.js";
import { requireToken } from "../../vault/token.js";
import type { VaultClient } from "../../vault/vault-client.js";
import { caKeySteps } from "./ca-keys.js";
import { readConfigured } from "./configured.js";
import { connectionSteps, type Secrets } from "./connections.js";
import { entryStep, isEntryCurrent, readEntry, type Entry } from "./entry.js";
import { findExisting } from "./existing.js";
import { refuseForeignRoles, refuseMovedMounts } from "./guard.js";
import type { Step } from "./step.js";

export interface FleetOperator {
  readonly fleet: Fleet;
  readonly vault: VaultSettings;
  /** Where the configuration and Terraform's own files are; the state, too, where the file names no backend. */
  readonly places: { readonly work: string; readonly stateFile: string };
  /** Undefined: somebody else runs Terraform. */
  readonly terraform: (Pick<Terraform, "binary" | "cliConfig"> & { readonly provider: string }) | undefined;
  /** Whether what Terraform's state does not know may be taken over, and changed. */
  readonly mayAdopt: boolean;
  readonly secrets: Secrets;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

export interface FleetPlan {
  /** In the file's own words. */
  readonly changes: readonly Change[];
  /** What Terraform would do; undefined where somebody else runs it. */
  readonly terraform: (Planned & { readonly shown: () => Promise<string> }) | undefined;
  /** What is done by Vault's API, in words. */
  readonly steps: readonly string[];
  /** Whether anything would change. */
  readonly changesAnything: boolean;
  /** Does it. */
  readonly carryOut: () => Promise<Applied | undefined>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** How long another apply of the same fleet is waited for. */
const patience = 60;

/**
 * Plans. Nobody else can apply from the same folder until what comes back is disposed of.
 * @throws FLEET_APPLY_RUNNING, FLEET_FOREIGN_ROLE, FLEET_MOUNT_MOVED, FLEET_NOT_OURS, VAULT_MOUNT_CONFLICT, FLEET_GROUP_TAKEN,
 *   FLEET_SECRET_MISSING, STATE_LOCKED, STATE_DAMAGED, TERRAFORM_FAILED, …
 */
export async function planFleet(operator: FleetOperator): Promise<FleetPlan> {
  const { fleet, vault, places, progress, signal } = operator;
  const api = openVaultApi(vault);
  const client = connectVault(vault);
  await client.checkReady();
  await mkdir(places.work, { recursive: true, mode: 0o700 });
  const release = await lock(places.work, patience);
  if (release === undefined) throw fail("FLEET_APPLY_RUNNING", { folder: places.work, seconds: String(patience) });
  try {
    const entry = await readEntry(api);
    const changes = describeChanges(entry.stored?.fleet, { ...fleet, state: undefined });
    const planned = await planTerraform(operator, api);
    signal?.throwIfAborted();
    const steps = await stepsOf(operator, api, client, entry);
    const todo = steps.map(({ what }) => what);
    return {
      changes,
      terraform: planned,
      steps: todo,
      changesAnything: planned?.changes === true || todo.length > 0,
      async carryOut() {
        const applied = planned?.changes === true ? await planned.apply() : undefined;
        for (const { take } of steps) {
          signal?.throwIfAborted();
          await take();
        }
        return applied;
      },
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await release();
    throw error;
  }

  async function stepsOf(of: FleetOperator, with_: VaultApi, by: VaultClient, entry: Entry): Promise<readonly Step[]> {
    const keys = await caKeySteps(by, fleet, progress.say);
    const connections = await connectionSteps(with_, fleet, of.secrets);
    return [...keys, ...connections, ...((await isEntryCurrent(by, fleet, entry)) ? [] : [entryStep(with_, by, fleet, entry)])];
  }
}

async function planTerraform(operator: FleetOperator, api: VaultApi) {
  const { fleet, vault, places, terraform, mayAdopt, progress, signal } = operator;
  if (terraform === undefined) return undefined;
  const to: Terraform = { ...terraform, vault: { ...vault, token: requireToken(vault) } };
  return progress.during("Terraform plans", async (detail) => {
    detail("synth");
    const dir = await writeConfiguration(synthesisOf(fleet, places.stateFile, terraform.provider), places.work);
    signal?.throwIfAborted();
    detail("what is there");
    const known = await knownOf(operator, to, dir);
    refuseMovedMounts(fleet, known);
    const configured = await readConfigured(dir);
    await refuseForeignRoles(api, fleet, configured, known);
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

/** With its state where the file says, or beside it. */
export const synthesisOf = (fleet: Fleet, stateFile: string, provider: string): FleetSynthesis => ({
  fleet,
  state: fleet.state ?? { backend: "local", settings: { path: stateFile } },
  provider,
});

async function knownOf({ fleet, places }: FleetOperator, terraform: Terraform, dir: string): Promise<Known> {
  if (fleet.state === undefined) return readStateFile(places.stateFile);
  await initialise(terraform, dir);
  return pullState(terraform, dir);
}
