import { fail } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import { lastWords, runAsAdministrator, type Environment } from "./run.js";

// another apt at work (unattended-upgrades, as a rule) is waited for
const patient = ["-q", "-o", "DPkg::Lock::Timeout=300"];
const set = { DEBIAN_FRONTEND: "noninteractive" };

/** The installation that is at work: apt-get takes one at a time, and does not wait with its lists. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Installs Debian packages, one call after the other; root only. The lists are brought up to date only if it does not work with those that are there.
 * @throws FETCH_FAILED
 */
export function installPackages(packages: readonly string[], progress: Progress, environment?: Environment): Promise<void> {
  const installed = last.then(() => install(packages, progress, environment));
  last = installed.catch(() => undefined);
  return installed;
}

async function install(packages: readonly string[], progress: Progress, environment?: Environment): Promise<void> {
  const names = packages.join(" ");
  await progress.during(`installing ${names}`, async (detail) => {
    const apt = (...args: string[]) => runAsAdministrator("apt-get", [...patient, ...args], { environment, set, detail });
    const attempt = () => apt("install", "-y", "--no-install-recommends", ...packages);
    try {
      await attempt().catch(async () => {
        await apt("update");
        await attempt();
      });
    } catch (error) {
      throw fail("FETCH_FAILED", { what: `the Debian packages ${names}`, reason: lastWords(error) }, error);
    }
  });
}
