/** Synthesis: CDKTF turns roles into Terraform's configuration. */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, reasonOf } from "../errors/catalogue.js";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { installCommand, ownPackage } from "../ground/own-package.js";
import type { Fleet } from "../fleet/fleet.js";
import type { Stacks } from "../roles.js";

/**
 * Writes every stack's configuration to `<outDir>/stacks/<stack>/cdk.tf.json`.
 * @throws OPERATOR_PACKAGES_MISSING; TypeError for data that no role may have
 */
export async function synthesise(stacks: Stacks, outDir: string): Promise<void> {
  const app = await loadStacks();
  await mkdir(outDir, { recursive: true }); // CDKTF makes the last folder only
  app.synthesise(stacks, outDir);
}

/** What a fleet's configuration is made from. */
export interface FleetSynthesis {
  readonly fleet: Fleet;
  /** Terraform's backend, by its name, and its settings. */
  readonly state: { readonly backend: string; readonly settings: Readonly<Record<string, unknown>> };
  /** The version of Vault's provider, such as "5.9.0". */
  readonly provider: string;
  /** Which server it is for, to be kept in the state; undefined where none was asked. */
  readonly server?: Readonly<Record<string, string>> | undefined;
}

/**
 * Writes a fleet's configuration to `<outDir>/stacks/fleet/cdk.tf.json`. CDKTF takes half a second, so it is left out while that
 * file is what it would write.
 * @throws OPERATOR_PACKAGES_MISSING
 */
export async function synthesiseFleet(fleet: FleetSynthesis, outDir: string): Promise<void> {
  const stamp = join(outDir, ".synthesised");
  const file = join(outDir, "stacks", "fleet", "cdk.tf.json");
  const digestOf = async () => {
    const written = await readFile(file, "utf8").catch(() => "");
    return createHash("sha256")
      .update(JSON.stringify([ownPackage().version, import.meta.url, fleet, written]))
      .digest("hex");
  };
  const before = await readFile(stamp, "utf8").catch(() => "");
  if (before === (await digestOf())) return;
  const app = await loadStacks();
  await mkdir(outDir, { recursive: true });
  app.synthesiseFleet(fleet, outDir);
  await writeFileAtomically(stamp, await digestOf(), 0o644);
}

/** CDKTF is an optional peer of the published package: people who only log in do without its 80 MB. */
async function loadStacks() {
  try {
    return await import("../../stacks/app.js");
  } catch (error) {
    const { folder, peerDependencies } = ownPackage();
    // Both import and require name the module in quotes.
    const [, module = ""] = /^Cannot find (?:package|module) '([^']+)'/.exec(reasonOf(error)) ?? [];
    const missing = Object.keys(peerDependencies).find((name) => module === name || module.startsWith(`${name}/`));
    if (missing === undefined) throw error;
    const packages = Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`);
    throw fail("OPERATOR_PACKAGES_MISSING", { missing, command: installCommand(folder, packages) }, error);
  }
}
