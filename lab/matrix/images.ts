/** The images of the matrix: one for each release of Debian that is asked for, and none else. */
import { build, ensureBase } from "../base-image.js";
import { opensshImage } from "../images.js";
import type { Lab } from "../lab.js";
import { reasonOf } from "../errors/catalogue.js";
import { factsOf, type Suite } from "../toolchain/versions.js";

/** Those that the tests run; `npm run matrix` has all. */
export const testedSuites: readonly Suite[] = ["bookworm", "trixie"];

/**
 * @returns the releases that are there: one that changes daily may be broken today, and is left out then
 * @throws IMAGE_BUILD_FAILED, FETCH_FAILED, TOOL_MISSING for the others
 */
export async function ensureImages(lab: Lab, suites: readonly Suite[]): Promise<Suite[]> {
  const engine = await lab.engine();
  const there: Suite[] = [];
  for (const suite of suites) {
    lab.signal?.throwIfAborted();
    try {
      await build(lab, engine, opensshImage(lab.names, suite, await ensureBase(lab, engine, suite)));
      there.push(suite);
    } catch (error) {
      if (factsOf(suite).freshForDays === undefined || lab.signal?.aborted === true) throw error;
      lab.progress.say(`${suite} is left out: ${reasonOf(error)}`);
    }
  }
  return there;
}
