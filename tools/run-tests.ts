/** What `npm test` does: everything that has to be there, the checks, the tests. */
import { execa } from "execa";
import { clean } from "../lab/clean.js";
import { openLab, type Lab } from "../lab/lab.js";
import { prepare } from "../lab/prepare.js";
import { readLabSettings } from "../lab/settings/lab.js";
import { resolveClients, resolveShellcheck } from "../lab/toolchain/clients.js";
import { fetchHashicorpVault, fetchMinio } from "../lab/toolchain/go-programs.js";
import { silent } from "../src/ground/progress.js";
import { talk } from "../src/terminal/report.js";
import { fetchOpenTofu } from "../src/toolchain/go-program.js";
import { GoWorkshop } from "../src/toolchain/go-workshop.js";
import { describePart } from "../src/toolchain/part.js";
import { requirePip } from "../src/toolchain/wheel.js";
import { checkWith, jest, none, shellScripts, sum, type Count, type Place } from "./check.js";
import { StageTimes } from "./stage-times.js";

/** The stages, in the order in which they begin; those that `--only` names run with what they need. */
export const stageNames = ["checks", "unit", "programs", "e2e", "beside"] as const;
export type StageName = (typeof stageNames)[number];

/** The lab of test/beside. */
const besideLab = "beside";
const cores = 2;

/**
 * Runs the stages; the fetching beside the checks and the tests that need no lab, and the two labs beside one another. The
 * time of each is told at the end. Interrupted, it leaves no container behind.
 */
export async function runTests(lab: Lab, only: StageName | undefined, signal: AbortSignal): Promise<Count> {
  const place: Place = { root: lab.settings.root, signal };
  const times = new StageTimes();
  const wanted = (name: StageName) => only === undefined || only === name;
  const stage = (name: StageName, run: () => Promise<Count>) => (wanted(name) ? times.measure(name, run) : Promise.resolve(none));
  const labs = [...(wanted("e2e") ? [lab] : []), ...(wanted("beside") ? [labBeside(lab)] : [])];

  if (only !== "unit") await times.measure("tools", () => tools(lab));
  const fetching = labs.length === 0 ? Promise.resolve(none) : times.measure("fetch", () => fetchAll(lab, labs));
  // What was begun comes to its end, whatever becomes of the other.
  const [fetched, ...withoutLab] = await Promise.allSettled([
    fetching,
    (async () =>
      sum([
        await stage("checks", () => checks(lab, place)),
        await stage("unit", () => jest(place, ["unit", "stacks"], { workers: cores })),
        await stage("programs", () => jest(place, ["programs"], { workers: cores })),
      ]))(),
  ]);
  for (const each of [fetched, ...withoutLab]) if (each.status === "rejected") throw each.reason;
  signal.throwIfAborted();

  const counts = withoutLab.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  if (labs.length > 0) {
    talk("\nthe end-to-end tests stop and clean a lab that runs on this machine");
    const sweeping = () => undefined; // who listens is waited for
    signal.addEventListener("abort", sweeping);
    try {
      counts.push(
        ...(await Promise.all([
          stage("e2e", () => jest(place, ["e2e"], { workers: 1 })),
          stage("beside", () => jest(place, ["beside"], { workers: 1, prefix: "│ " })),
        ])),
      );
    } finally {
      await sweep(labs);
      signal.removeEventListener("abort", sweeping);
    }
  }
  signal.throwIfAborted();
  talk(times.table());
  return sum(counts);
}

function labBeside({ settings: { mayInstall }, progress }: Lab): Lab {
  return openLab(readLabSettings({ ...process.env, SSH_TRUST_LAB: besideLab }, { install: mayInstall }), progress);
}

/** What is quickly found, and installed where it is missing; the packages one after the other. */
async function tools({ settings, progress }: Lab): Promise<Count> {
  const clients = await resolveClients(settings, progress);
  await requirePip(settings, progress);
  for (const part of [...clients, await resolveShellcheck(settings, progress)]) progress.say(describePart(part));
  return none;
}

/** The labs, the other Terraform, the other Vault and the object store: built in one workshop, which shares Go's downloads. */
async function fetchAll({ settings, progress }: Lab, labs: readonly Lab[]): Promise<Count> {
  await using workshop = new GoWorkshop(settings, progress);
  for (const each of labs) await prepare(each, { workshop });
  for (const fetch of [fetchOpenTofu, fetchHashicorpVault, fetchMinio])
    progress.say(describePart(await fetch(settings, progress, { workshop })));
  return none;
}

async function checks({ settings, progress }: Lab, place: Place): Promise<Count> {
  const shellcheck = await resolveShellcheck(settings, progress);
  const all: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
    ["lint", "eslint", ["--max-warnings", "0", "."]],
    ["house", "depcruise", ["src", "lab", "stacks", "scripts", "tools", "bench"]],
    ["format", "prettier", ["--check", "--log-level", "warn", "."]],
    ["types", "tsc", ["-p", "."]],
    ["shell", shellcheck.binary, await shellScripts(place.root)],
  ];
  const counts: Count[] = [];
  for (const [name, program, args] of all) counts.push(await checkWith(place, name, program, args));
  return sum(counts);
}

/** Takes away what tests leave in Docker when they are ended half-way: both labs, and the containers of the tests' own. */
async function sweep(labs: readonly Lab[]): Promise<void> {
  const { stdout } = await execa("docker", ["ps", "-aq", "--filter", "name=^ssh-trust-test-"], { reject: false });
  const own = stdout.split("\n").filter((id) => id !== "");
  if (own.length > 0) await execa("docker", ["rm", "-f", ...own], { reject: false });
  for (const lab of [...labs].reverse()) await clean({ ...lab, progress: silent }, false);
}
