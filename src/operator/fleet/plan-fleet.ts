/** What has to change for Vault to be what a fleet file says: planned first, then done. */
import { mkdir } from "node:fs/promises";
import { fail } from "../../errors/catalogue.js";
import { describeChanges, type Change } from "../../fleet/changes.js";
import type { Fleet } from "../../fleet/fleet.js";
import { lock } from "../../ground/lock.js";
import type { Applied } from "../../terraform/machine-output.js";
import { openVaultApi } from "../../vault/api.js";
import { connectVault } from "../../vault/client.js";
import { caKeySteps } from "./ca-keys.js";
import { connectionSteps } from "./connections.js";
import { entryStep, isEntryCurrent, readEntry } from "./entry.js";
import { refuseForeignRoles, refuseMovedMounts } from "./guard.js";
import { patience, type FleetOperator } from "./operator.js";
import { mountsWithoutSettings, refuseMissing, type MountWithoutSettings } from "./relied-on.js";
import type { Step } from "./step.js";
import { planTerraform, type TerraformPart } from "./terraform-part.js";

export interface FleetPlan extends AsyncDisposable {
  /** What was applied last; undefined where nothing was. */
  readonly before: Fleet | undefined;
  /** In the file's own words. */
  readonly access: readonly Change[];
  /** What Terraform would do; undefined where somebody else runs it. */
  readonly terraform: Omit<TerraformPart, "apply"> | undefined;
  /** What is done by Vault's API, in words. */
  readonly steps: readonly string[];
  /** Where machines cannot enrol yet, whatever is applied. */
  readonly mountsWithoutSettings: readonly MountWithoutSettings[];
  /** Whether anything would change. */
  readonly changes: boolean;
  /** Does it. @returns what Terraform did */
  readonly carryOut: () => Promise<Applied | undefined>;
}

/**
 * Plans. Nobody else can apply from the same folder until the plan is disposed of.
 * @throws FLEET_APPLY_RUNNING, FLEET_CA_CHANGED, FLEET_SECRET_MISSING, what planTerraform throws, and what any question to Vault can end in
 */
export async function planFleet(operator: FleetOperator): Promise<FleetPlan> {
  const { cluster } = await connectVault(operator.vault).checkReady();
  const { work } = operator.places;
  await mkdir(work, { recursive: true, mode: 0o700 });
  const release = await lock(work, patience);
  if (release === undefined) throw fail("FLEET_APPLY_RUNNING", { folder: work, seconds: String(patience) });
  try {
    return { ...(await planned(operator, cluster)), [Symbol.asyncDispose]: release };
  } catch (error) {
    await release();
    throw error;
  }
}

const startsAnew: Change = {
  kind: "withdraws",
  text: "Vault is another server than before, and knows nothing of this fleet: both CAs get new keys, which no host and no client trusts yet, and hosts have to be enrolled again",
};

async function planned(operator: FleetOperator, cluster: string): Promise<Omit<FleetPlan, keyof AsyncDisposable>> {
  const { fleet, vault, secrets, mayAdopt, progress, signal } = operator;
  const api = openVaultApi(vault);
  const client = connectVault(vault);
  const entry = await readEntry(api, mayAdopt);
  refuseMovedMounts(fleet, new Map(), entry.stored?.fleet.mounts);
  const keys = await caKeySteps(api, client, { fleet, known: entry.stored?.cas, mayChange: mayAdopt, progress, signal });
  await refuseMissing(api, fleet);
  if (operator.terraform === undefined) {
    for (const mount of [fleet.mounts.hostCa, fleet.mounts.userCa]) {
      if ((await client.mountType(mount)) === undefined) throw fail("FLEET_NOT_BY_TERRAFORM", { mount });
    }
  }
  if (operator.terraform === undefined) await refuseForeignRoles(api, fleet, new Map());
  const terraform =
    operator.terraform === undefined ? undefined : await planTerraform(operator, operator.terraform, api, cluster);
  signal?.throwIfAborted();
  const told = { requireAgreed: keys.requireAgreed, refuseForeignRoles: () => refuseForeignRoles(api, fleet, new Map()) };
  const steps: readonly Step[] = [
    ...keys.steps,
    ...(await connectionSteps(api, fleet, secrets)),
    // Last: clients are told of what is there.
    ...((await isEntryCurrent(client, fleet, entry)) ? [] : [entryStep(api, fleet, entry, told)]),
  ];
  return {
    before: entry.stored?.fleet,
    access: [
      ...(terraform?.isOfOtherServer === true && entry.stored === undefined ? [startsAnew] : []),
      ...describeChanges(entry.stored?.fleet, { ...fleet, state: undefined }),
    ],
    terraform,
    steps: steps.map(({ what }) => what),
    mountsWithoutSettings: await mountsWithoutSettings(api, fleet),
    changes: terraform?.changes === true || steps.length > 0,
    async carryOut() {
      const applied = terraform?.changes === true ? await terraform.apply() : undefined;
      for (const { take } of steps) {
        signal?.throwIfAborted();
        await take();
      }
      return applied;
    },
  };
}
