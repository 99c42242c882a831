/** What `npm test` does: everything that has to be there, the checks, the tests. */
import { fail } from "../lab/errors/catalogue.js";
import { openLab, type Lab } from "../lab/lab.js";
import { ensureMachineImage } from "../lab/machine/image.js";
import { ensureImages, testedSuites } from "../lab/matrix/images.js";
import { defaultLab } from "../lab/names.js";
import { prepare } from "../lab/prepare.js";
import { readLabSettings } from "../lab/settings/lab.js";
import { resolveClients, resolveShellcheck } from "../lab/toolchain/clients.js";
import { fetchHashicorpVault, fetchMinio } from "../lab/toolchain/go-programs.js";
import { talk } from "../src/terminal/report.js";
import { fetchOpenTofu } from "../src/toolchain/go-program.js";
import { GoWorkshop } from "../src/toolchain/go-workshop.js";
import { describePart } from "../src/toolchain/part.js";
import { requirePip } from "../src/toolchain/wheel.js";
import { checkWith, jest, shellScripts, sum, type CheckOptions, type Count } from "./check.js";
import { tellFailures, type Failure } from "./failures.js";
import { sweptAfter } from "./sweep.js";
import { StageTimes } from "./stage-times.js";

/** The stages, in the order in which they begin; those that `--only` names run with what they need. */
export const stageNames = ["checks", "unit", "programs", "e2e", "fleet", "beside"] as const;
export type StageName = (typeof stageNames)[number];

/** The lab of test/beside. */
const besideLab = "beside";
/** Of jest, where tests do not share a lab. */
const workers = 2;

/**
 * Runs the stages; the fetching beside the checks and the tests that need no lab, and the two labs beside one another. The
 * time of each is told at the end. Interrupted, it leaves no container behind.
 * @throws USAGE where SSH_TRUST_LAB names another lab than the tests use
 */
export async function runTests(lab: Lab, only: StageName | undefined, signal: AbortSignal): Promise<Count> {
  if (lab.names.lab !== defaultLab) {
    const what = `SSH_TRUST_LAB is ${lab.names.lab}, but the tests use the default lab and one called ${besideLab}`;
    throw fail("USAGE", { what, help: "unset SSH_TRUST_LAB" });
  }
  const failures: Failure[] = [];
  const options: CheckOptions = { root: lab.settings.root, signal, failed: (failure) => failures.push(failure) };
  const times = new StageTimes();
  const counts: Count[] = [];
  const stage = async (name: StageName, run: () => Promise<Count>) => {
    signal.throwIfAborted();
    if (only === undefined || only === name) counts.push(await times.measure(name, run));
  };
  const labs = { e2e: lab, fleet: lab, beside: labBeside(lab, signal) };
  const wanted = [
    ...new Set(Object.entries(labs).flatMap(([name, each]) => (only === undefined || only === name ? [each] : []))),
  ];
  const withoutLab = async () => {
    await stage("checks", () => checks(lab, options));
    await stage("unit", () => jest(options, ["unit", "stacks"], { workers }));
    await stage("programs", () => jest(options, ["programs"], { workers }));
  };
  const fetching = async () => {
    if (wanted.length > 0) await times.measure("fetch", () => fetchAll(lab, wanted, signal));
  };
  try {
    if (only !== "unit") await times.measure("tools", () => tools(lab));
    await bothToTheEnd(withoutLab(), fetching());
    signal.throwIfAborted();
    if (wanted.length > 0) {
      talk("\nthe end-to-end tests stop and clean a lab that runs on this machine");
      await sweptAfter(wanted, signal, () =>
        bothToTheEnd(
          stage("e2e", () => jest(options, ["e2e"], { workers: 1 })).then(() =>
            stage("fleet", () => jest(options, ["fleet"], { workers })),
          ),
          stage("beside", () => jest(options, ["beside"], { workers: 1, prefix: "│ " })),
        ),
      );
    }
    signal.throwIfAborted();
  } finally {
    talk(`${tellFailures(failures)}\n${times.table()}`);
  }
  return sum(counts);
}

/** What was begun comes to its end, whatever becomes of the other. */
async function bothToTheEnd(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const each of await Promise.allSettled([one, other])) if (each.status === "rejected") throw each.reason;
}

function labBeside({ settings: { mayInstall }, progress }: Lab, signal: AbortSignal): Lab {
  return openLab(readLabSettings({ ...process.env, SSH_TRUST_LAB: besideLab }, { install: mayInstall }), progress, { signal });
}

/** What is quickly found, and installed where it is missing; the packages one after the other. */
async function tools({ settings, progress }: Lab): Promise<void> {
  const clients = await resolveClients(settings, progress);
  await requirePip(settings, progress);
  for (const part of [...clients, await resolveShellcheck(settings, progress)]) progress.say(describePart(part));
}

/** The labs, the releases of the matrix and the machines, the other Terraform, the other Vault and the object store: built in one workshop, which shares Go's downloads. */
async function fetchAll({ settings, progress }: Lab, labs: readonly Lab[], signal: AbortSignal): Promise<void> {
  await using workshop = new GoWorkshop(settings, progress);
  for (const each of labs) {
    await prepare(each, { workshop });
    if (each.names.lab !== besideLab) continue;
    await ensureImages(each, testedSuites);
    for (const suite of testedSuites) await ensureMachineImage(each, suite);
  }
  for (const fetch of [fetchOpenTofu, fetchHashicorpVault, fetchMinio]) {
    signal.throwIfAborted();
    progress.say(describePart(await fetch(settings, progress, { workshop })));
  }
}

async function checks({ settings, progress }: Lab, options: CheckOptions): Promise<Count> {
  const shellcheck = await resolveShellcheck(settings, progress);
  const all: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
    ["lint", "eslint", ["--max-warnings", "0", "."]],
    ["house", "depcruise", ["src", "lab", "stacks", "scripts", "tools", "bench"]],
    ["format", "prettier", ["--check", "--log-level", "warn", "."]],
    ["types", "tsc", ["-p", "."]],
    ["shell", shellcheck.binary, await shellScripts(options.root)],
  ];
  const counts: Count[] = [];
  for (const [name, program, args] of all) counts.push(await checkWith(options, name, program, args));
  return sum(counts);
}
