/** The lab's fleet: its file, and Vault brought to what that says. */
import { mkdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Fleet } from "../../src/fleet/fleet.js";
import { fleetFileName, readFleetFile } from "../../src/fleet/read-fleet-file.js";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { describeApplied } from "../../src/operator/apply-stack.js";
import { isFleetApplied } from "../../src/operator/fleet/entry.js";
import { placesBeside, type FleetOperator } from "../../src/operator/fleet/operator.js";
import { planFleet } from "../../src/operator/fleet/plan-fleet.js";
import { exists } from "../../src/toolchain/cache.js";
import { vaultProvider } from "../../src/toolchain/versions.js";
import { fail, isFailure } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { folderOfServer, type LabSettings } from "../settings/lab.js";
import { cliConfigOf, recordedToolchain } from "../toolchain/record.js";
import { fleetFileText } from "./file-text.js";

/** Each server has a fleet file to itself. */
export const fleetFileOf = (settings: LabSettings): string => join(folderOfServer(settings, ".", "fleet-of"), fleetFileName);

/**
 * The fleet as its file says it; the file is written first where there is none.
 * @throws FLEET_FILE_INVALID, FLEET_OTHER_VAULT
 */
export async function readLabFleet({ settings, names }: Pick<Lab, "settings" | "names">): Promise<Fleet> {
  const file = fleetFileOf(settings);
  const { address, namespace } = settings.vault;
  const vault = new URL(address).origin;
  const shown = relative(settings.root, file);
  if (!(await exists(file))) {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomically(file, fleetFileText(names, { vault, namespace }, shown), 0o644);
  }
  const fleet = await readFleetFile(file);
  if (fleet.vault !== vault || (fleet.namespace ?? namespace) !== namespace) {
    const lines = [`"vault: ${vault}"`, ...(namespace === undefined ? [] : [`"namespace: ${namespace}"`])].join(" and ");
    const at = (server: string, space: string | undefined) => (space === undefined ? server : `${server}, namespace ${space}`);
    const told = { file, variable: "the lab's Vault", given: at(vault, namespace), wanted: at(fleet.vault, fleet.namespace) };
    throw fail("FLEET_OTHER_VAULT", { ...told, how: { say: `write ${lines} in the file` } });
  }
  return { ...fleet, namespace };
}

/** The fleet, for those who can do without: undefined where there is no file yet, or one with mistakes. */
export async function findLabFleet({ settings }: Pick<Lab, "settings">): Promise<Fleet | undefined> {
  try {
    return await readFleetFile(fleetFileOf(settings));
  } catch (error) {
    if (isFailure(error, "FLEET_FILE_MISSING") || isFailure(error, "FLEET_FILE_INVALID")) return undefined;
    throw error;
  }
}

/** Whether Vault is what the file says, as far as its entry there tells. */
export const isLabFleetApplied = async (lab: Lab): Promise<boolean> =>
  isFleetApplied(lab.settings.vault, await readLabFleet(lab));

/**
 * Brings Vault to what the file says. On the lab's own server, what is there is taken over; on another, only what this lab made
 * before, or all if the person said so.
 * @throws FLEET_NOT_OURS, FLEET_FOREIGN_ROLE, TERRAFORM_FAILED, …
 */
export async function applyLabFleet(lab: Lab): Promise<void> {
  const { settings, progress } = lab;
  const fleet = await readLabFleet(lab);
  const file = relative(settings.root, fleetFileOf(settings));
  await using plan = await planFleet(await operatorOf(lab, fleet));
  const applied = plan.changes ? await plan.carryOut() : undefined;
  const done = plan.changes
    ? `applied${applied === undefined ? "" : `; Terraform: ${describeApplied(applied)}`}`
    : "nothing to change";
  progress.say(`the fleet of ${file}: ${done}`);
  for (const { name, names, also } of fleet.hosts) {
    const others = also.length === 0 ? "" : `; also ${also.join(", ")}`;
    progress.say(`hosts of ${name}: ${names.join(", ")}${others}`);
  }
}

async function operatorOf({ settings, progress, adopt, signal }: Lab, fleet: Fleet): Promise<FleetOperator> {
  const { terraform } = await recordedToolchain(settings);
  return {
    fleet,
    vault: settings.vault,
    // Where ssh-trust apply has them, too: it goes on from what was done here.
    places: placesBeside(fleetFileOf(settings)),
    terraform: { binary: terraform.binary, cliConfig: cliConfigOf(settings), provider: vaultProvider.version },
    mayAdopt: adopt || !settings.vault.external,
    secrets: {},
    progress,
    signal,
  };
}
