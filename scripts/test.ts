import { checkWith, jest, shellScripts, sum, type Count } from "../tools/check.js";
import { command, finish, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { print, talk } from "../src/terminal/report.js";
import { prepare } from "../lab/prepare.js";
import type { Progress } from "../src/ground/progress.js";
import type { Settings } from "../src/settings.js";
import { resolveShellcheck } from "../lab/toolchain/clients.js";
import { GoWorkshop } from "../src/toolchain/go-workshop.js";
import { fetchOpenTofu } from "../src/toolchain/go-program.js";
import { fetchHashicorpVault, fetchMinio } from "../lab/toolchain/go-programs.js";
import { describePart, type Program } from "../src/toolchain/part.js";
import { requirePip } from "../src/toolchain/wheel.js";

/** The other Terraform, the other Vault, and the object store, in one workshop that shares Go's downloads. */
async function fetchForTests(settings: Settings, progress: Progress, shellcheck: Program): Promise<void> {
  await requirePip(settings, progress);
  await using workshop = new GoWorkshop(settings, progress);
  const tofu = await fetchOpenTofu(settings, progress, { workshop });
  const vault = await fetchHashicorpVault(settings, progress, { workshop });
  const minio = await fetchMinio(settings, progress, { workshop });
  for (const part of [shellcheck, tofu, vault, minio]) progress.say(describePart(part));
}

await main(
  command("test", "lint, types, unit, stacks and end-to-end tests against the real servers")
    .argument("[only]", "unit: what needs nothing but Node")
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (only: string | undefined, options: CommonOptions) => {
      const lab = labFor(options);
      const { settings, progress } = lab;
      const counts: Count[] = [];
      if (only === "unit") counts.push(await jest(settings, ["unit"], []));
      else {
        // What has to be fetched comes first: without it, nothing below could pass.
        await prepare(lab);
        const shellcheck = await resolveShellcheck(settings, progress);
        await fetchForTests(settings, progress, shellcheck);
        counts.push(await checkWith(settings, "lint", "eslint", ["--max-warnings", "0", "."]));
        counts.push(await checkWith(settings, "format", "prettier", ["--check", "--log-level", "warn", "."]));
        counts.push(await checkWith(settings, "types", "tsc", ["-p", "."]));
        counts.push(await checkWith(settings, "shell", shellcheck.binary, await shellScripts(settings)));
        counts.push(await jest(settings, ["unit", "programs", "stacks"], []));
        talk("\nthe end-to-end tests stop and clean a lab that runs on this machine");
        counts.push(await jest(settings, ["e2e"], ["--runInBand"]));
      }
      const { passed, failed } = sum(counts);
      print(`\n${String(passed)} passed, ${String(failed)} failed`);
      finish(failed === 0 ? 0 : 1);
    }),
);
