/** The image of a machine with systemd and cloud-init. It is built when something asks for it. */
import { build, ensureBase } from "../base-image.js";
import { machineImage } from "../images.js";
import type { Lab } from "../lab.js";
import type { Suite } from "../toolchain/versions.js";

/** @returns its tag @throws IMAGE_BUILD_FAILED, FETCH_FAILED, TOOL_MISSING */
export async function ensureMachineImage(lab: Lab, suite: Suite): Promise<string> {
  const engine = await lab.engine();
  const spec = machineImage(lab.names, suite, await ensureBase(lab, engine, suite));
  await build(lab, engine, spec);
  return spec.tag;
}
