/** What `npm test` does: everything that has to be there, the checks, the tests. */
import type { Progress } from "../src/ground/progress.js";
import type { ToolchainSettings } from "../src/settings/toolchain.js";
import { talk } from "../src/terminal/report.js";
import { fetchOpenTofu } from "../src/toolchain/go-program.js";
import { GoWorkshop } from "../src/toolchain/go-workshop.js";
import { describePart, type Program } from "../src/toolchain/part.js";
import { requirePip } from "../src/toolchain/wheel.js";
import type { Lab } from "../lab/lab.js";
import { prepare } from "../lab/prepare.js";
import { resolveShellcheck } from "../lab/toolchain/clients.js";
import { fetchHashicorpVault, fetchMinio } from "../lab/toolchain/go-programs.js";
import { checkWith, jest, shellScripts, sum, type Count } from "./check.js";

/** @param only "unit": what needs nothing but Node */
export async function runTests(lab: Lab, only: string | undefined): Promise<Count> {
  const { settings, progress } = lab;
  if (only === "unit") return jest(settings, ["unit"], []);
  // What has to be fetched comes first: without it, nothing below could pass.
  await prepare(lab);
  const shellcheck = await resolveShellcheck(settings, progress);
  await fetchForTests(settings, progress, shellcheck);
  const counts: Count[] = [
    await checkWith(settings, "lint", "eslint", ["--max-warnings", "0", "."]),
    await checkWith(settings, "house", "depcruise", ["src", "lab", "stacks", "scripts", "tools", "bench"]),
    await checkWith(settings, "format", "prettier", ["--check", "--log-level", "warn", "."]),
    await checkWith(settings, "types", "tsc", ["-p", "."]),
    await checkWith(settings, "shell", shellcheck.binary, await shellScripts(settings)),
    await jest(settings, ["unit", "programs", "stacks"], []),
  ];
  talk("\nthe end-to-end tests stop and clean a lab that runs on this machine");
  counts.push(await jest(settings, ["e2e"], ["--runInBand"]));
  return sum(counts);
}

/** The other Terraform, the other Vault, and the object store, in one workshop that shares Go's downloads. */
async function fetchForTests(settings: ToolchainSettings, progress: Progress, shellcheck: Program): Promise<void> {
  await requirePip(settings, progress);
  await using workshop = new GoWorkshop(settings, progress);
  const tofu = await fetchOpenTofu(settings, progress, { workshop });
  const vault = await fetchHashicorpVault(settings, progress, { workshop });
  const minio = await fetchMinio(settings, progress, { workshop });
  for (const part of [shellcheck, tofu, vault, minio]) progress.say(describePart(part));
}
