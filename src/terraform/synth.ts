/** Synthesis: CDKTF turns roles into Terraform's configuration. */
import { mkdir } from "node:fs/promises";
import { fail, reasonOf } from "../errors/catalogue.js";
import { installCommand, ownPackage } from "../ground/own-package.js";
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

/** CDKTF is an optional peer of the published package: who only logs in does without its 80 MB. */
async function loadStacks() {
  try {
    return await import("../../stacks/app.js");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND"; // of import, and of require
    if (!missing) throw error;
    const { folder, peerDependencies } = ownPackage();
    const packages = Object.entries(peerDependencies).map(([name, version]) => `${name}@${version}`);
    const reason = /'(?:@[^/']+\/)?[^/']+/.exec(reasonOf(error))?.[0].slice(1) ?? reasonOf(error);
    throw fail("OPERATOR_PACKAGES_MISSING", { reason, command: installCommand(folder, packages) }, error);
  }
}
