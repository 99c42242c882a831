/** Takes away what tests leave in Docker, also where they are ended half-way. */
import { execa } from "execa";
import { clean } from "../lab/clean.js";
import { label } from "../lab/docker/owner.js";
import type { Lab } from "../lab/lab.js";
import { silent } from "../src/ground/progress.js";
import { talk } from "../src/terminal/report.js";
import { otherCheckouts, testLabel } from "./test-labels.js";

/** Does the work, and sweeps, whatever became of it; an interrupted command waits for that. */
export async function sweptAfter(labs: readonly Lab[], signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const wait = () => undefined; // main waits while anybody listens
  signal.addEventListener("abort", wait);
  try {
    await work();
  } finally {
    for (const lab of labs) {
      await sweepLab(lab).catch((error: unknown) => {
        talk(`the lab ${lab.names.lab} was not cleaned: ${String(error)}`);
      });
    }
    signal.removeEventListener("abort", wait);
  }
}

async function sweepLab(lab: Lab): Promise<void> {
  const { root } = lab.settings;
  const { checkout } = label;
  const format = `{{.ID}} {{.Label "${checkout}"}}`;
  const started = await lines(["ps", "-aq", "--filter", `label=${testLabel(root, lab.names.lab)}`]);
  await remove(["rm", "-f"], started);
  for (const [list, removal] of [
    [
      ["ps", "-a"],
      ["rm", "-f"],
    ],
    [
      ["network", "ls"],
      ["network", "rm"],
    ],
  ] as const) {
    const found = await lines([...list, "--filter", `label=${checkout}`, "--format", format]);
    const ofTests = found.map((line) => line.split(/ (.*)/, 2)).filter(([, from = ""]) => from.startsWith(otherCheckouts(root)));
    await remove(
      removal,
      ofTests.flatMap(([id]) => id ?? []),
    );
  }
  await clean({ ...lab, progress: silent }, false);
}

async function lines(args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await execa("docker", args, { reject: false });
  return stdout.split("\n").filter((line) => line !== "");
}

async function remove(how: readonly string[], ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await execa("docker", [...how, ...ids], { reject: false });
}
