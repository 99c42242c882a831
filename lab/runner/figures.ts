/** What the README claims about speed, measured at the end of a walkthrough. */
import { join } from "node:path";
import { execa } from "execa";
import { performNeeds } from "../tasks.js";
import type { SshRole } from "../../src/roles.js";
import { applyRole, terraformDir } from "../tutorial/cas.js";
import type { Lab } from "../lab.js";
import type { Figure } from "./chapter.js";
import { terraformEnvironment } from "../../src/terraform/environment.js";
import { cliConfigOf, recordedToolchain } from "../toolchain/record.js";
import { silent } from "../../src/ground/progress.js";
import { requireToken } from "../../src/vault/token.js";

/**
 * Measures each at rest: nothing is left to prepare, nothing to change.
 * @param rounds how often the two applies are run, one after the other in turns; the ratio is that of their medians
 */
export async function measureFigures(lab: Lab, role: SshRole, rounds = 3): Promise<Figure[]> {
  const quiet: Lab = { ...lab, progress: silent };
  await performNeeds(quiet, "figures", ["terraform-apply-ssh-with-signed-hostkey"]);
  return lab.progress.during("measuring", async () => {
    const preparing = await secondsOf(async () => {
      await execa("npm", ["run", "prepare"], { cwd: lab.settings.root });
    });
    const whole: number[] = [];
    const alone: number[] = [];
    for (let round = 0; round < rounds; round++) {
      alone.push(await secondsOf(() => terraformAlone(quiet, role)));
      whole.push(await secondsOf(() => applyRole(quiet, role)));
    }
    return [
      { what: "npm run prepare, when nothing is left to do", value: preparing, unit: "s", limit: 3 },
      {
        what: `an apply that changes nothing, synth included, once CDKTF is loaded, against terraform apply alone (medians of ${String(rounds)})`,
        value: median(whole) / median(alone),
        unit: "×",
        limit: 2.5,
      },
    ];
  });
}

async function terraformAlone(lab: Lab, role: SshRole): Promise<void> {
  const { terraform } = await recordedToolchain(lab.settings);
  const vault = { ...lab.settings.vault, token: requireToken(lab.settings.vault) };
  await execa(terraform.binary, ["apply", "-input=false", "-auto-approve", "-no-color"], {
    cwd: join(terraformDir(lab.settings), "stacks", role.mount),
    env: terraformEnvironment({ cliConfig: cliConfigOf(lab.settings), vault }),
  });
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
