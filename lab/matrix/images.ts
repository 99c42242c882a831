/** The images of the matrix: one for each release of Debian that is asked for, and none else. */
import { build, ensureBase } from "../base-image.js";
import { opensshImage } from "../images.js";
import type { Lab } from "../lab.js";
import type { Suite } from "../toolchain/versions.js";

/** Those that the tests run; `npm run matrix` has all. */
export const testedSuites: readonly Suite[] = ["bookworm", "trixie"];

export async function ensureImages(lab: Lab, suites: readonly Suite[]): Promise<void> {
  const engine = await lab.engine();
  for (const suite of suites) {
    lab.signal?.throwIfAborted();
    await build(lab, engine, opensshImage(lab.names, suite, await ensureBase(lab, engine, suite)));
  }
}
