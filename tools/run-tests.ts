/** What `npm test` does: everything that has to be there, the checks, the tests. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../lab/errors/catalogue.js";
import { openLab, type Lab } from "../lab/lab.js";
import { ensureMachineImage } from "../lab/machine/image.js";
import { ensureImages, testedSuites } from "../lab/matrix/images.js";
import { defaultLab } from "../lab/names.js";
import { prepare } from "../lab/prepare.js";
import { readLabSettings } from "../lab/settings/lab.js";
import { fetchAnsible } from "../lab/toolchain/ansible.js";
import { resolveChromium, resolveClients, resolveRsync, resolveShellcheck } from "../lab/toolchain/clients.js";
import { fetchHashicorpVault, fetchMinio } from "../lab/toolchain/go-programs.js";
import { fetchSchemathesis } from "../lab/toolchain/schemathesis.js";
import { talk } from "../src/terminal/report.js";
import { fetchOpenTofu } from "../src/toolchain/go-program.js";
import { GoWorkshop } from "../src/toolchain/go-workshop.js";
import { describePart, type Part } from "../src/toolchain/part.js";
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
 * Runs the stages in three lanes beside one another: what needs no lab, the tests in the default lab, and those in another one.
 * A lane begins as soon as what it needs is fetched. The time of each stage is told at the end, after what failed. Interrupted,
 * it leaves no container behind.
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
  const isWanted = (...names: readonly StageName[]) => only === undefined || names.includes(only);
  const stage = async (name: StageName, run: () => Promise<Count>) => {
    signal.throwIfAborted();
    if (isWanted(name)) counts.push(await times.measure(name, run));
  };
  const beside = labBeside(lab, signal);
  const labs = [...(isWanted("beside") ? [beside] : []), ...(isWanted("e2e", "fleet") ? [lab] : [])];

  const lanes = async () => {
    await using workshop = new GoWorkshop(lab.settings, lab.progress);
    const fetching = async (which: Lab, name: string, programs: readonly FetchProgram[]) => {
      if (labs.includes(which)) await times.measure(name, () => fetchAll(which, workshop, programs));
    };
    // The longest lane begins first; after it, whatever became of it, the other's part of the fetching.
    const forBeside = fetching(beside, "fetch for beside", [fetchHashicorpVault, fetchMinio]);
    const forLab = forBeside.catch(() => undefined).then(() => fetching(lab, "fetch", allPrograms));
    await allToTheEnd([
      stage("checks", () => checks(lab, options))
        .then(() => stage("unit", () => jest(options, ["unit", "stacks"], { workers })))
        .then(() => stage("programs", () => jest(options, ["programs"], { workers })))
        .then(() => forLab)
        .then(() => stage("fleet", () => jest(options, ["fleet"], { workers }))),
      forLab.then(() => stage("e2e", () => jest(options, ["e2e"], { workers: 1, prefix: "│ " }))),
      forBeside.then(() => stage("beside", () => jest(options, ["beside"], { workers: 1, prefix: "┆ " }))),
    ]);
  };
  try {
    if (only !== "unit") await times.measure("tools", () => tools(lab));
    if (labs.length === 0) await lanes();
    else {
      talk("\nthe end-to-end tests stop and clean a lab that runs on this machine");
      await sweptAfter(labs, signal, () => withMarker(lab, lanes));
    }
    signal.throwIfAborted();
  } finally {
    talk(`${tellFailures(failures)}\n${times.table()}`);
  }
  return sum(counts);
}

/** Whatever one comes to, the others come to their end. */
async function allToTheEnd(lanes: readonly Promise<void>[]): Promise<void> {
  for (const each of await Promise.allSettled(lanes)) if (each.status === "rejected") throw each.reason;
}

/** The last lab that is cleaned takes the compiled programs along; while tests without a lab run, none is the last. */
async function withMarker({ settings }: Lab, work: () => Promise<void>): Promise<void> {
  const marker = join(settings.root, ".lab-of-tests");
  await mkdir(marker, { recursive: true });
  try {
    await work();
  } finally {
    await rm(marker, { recursive: true, force: true });
  }
}

function labBeside({ settings: { mayInstall }, progress }: Lab, signal: AbortSignal): Lab {
  return openLab(readLabSettings({ ...process.env, SSH_TRUST_LAB: besideLab }, { install: mayInstall }), progress, { signal });
}

/** What is quickly found, and installed where it is missing; the packages one after the other. */
async function tools({ settings, progress }: Lab): Promise<void> {
  const clients = await resolveClients(settings, progress);
  await requirePip(settings, progress);
  const parts = [...clients];
  for (const resolve of [resolveShellcheck, resolveRsync, resolveChromium]) parts.push(await resolve(settings, progress));
  for (const part of parts) progress.say(describePart(part));
}

const allPrograms = [fetchOpenTofu, fetchHashicorpVault, fetchMinio, fetchAnsible, fetchSchemathesis] as const;
type FetchProgram = (...args: Parameters<typeof fetchMinio>) => Promise<Part>;

/** A lab, the releases of the matrix and the machines, and other programs: built in one workshop, which shares Go's downloads. */
async function fetchAll(lab: Lab, workshop: GoWorkshop, programs: readonly FetchProgram[]): Promise<void> {
  const { settings, progress } = lab;
  await prepare(lab, { workshop });
  await ensureImages(lab, testedSuites);
  for (const suite of testedSuites) await ensureMachineImage(lab, suite);
  for (const fetch of programs) {
    lab.signal?.throwIfAborted();
    progress.say(describePart(await fetch(settings, progress, { workshop })));
  }
}

async function checks({ settings, progress }: Lab, options: CheckOptions): Promise<Count> {
  const shellcheck = await resolveShellcheck(settings, progress);
  const all: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
    ["lint and types", "oxlint", ["."]],
    ["house", "depcruise", ["src", "lab", "stacks", "scripts", "tools", "bench"]],
    ["format", "oxfmt", ["--check", "."]],
    ["shell", shellcheck.binary, await shellScripts(options.root)],
  ];
  const counts: Count[] = [];
  for (const [name, program, args] of all) counts.push(await checkWith(options, name, program, args));
  return sum(counts);
}
