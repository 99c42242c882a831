/** The checks behind `npm test`: each ends in numbers. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { talk } from "../src/terminal/report.js";
import { failuresOf, lastLines, type Failure, type JestResult } from "./failures.js";
import { runGroup } from "./group.js";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** What all of them are given. */
export interface CheckOptions {
  /** The project's folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Called for each test and each check that fails. */
  readonly failed: (failure: Failure) => void;
}

/** One program that passes or fails as a whole: a linter, the type checker. What it says is shown when it ends. */
export async function checkWith(
  { root, signal, failed: tell }: CheckOptions,
  name: string,
  program: string,
  args: readonly string[],
): Promise<Count> {
  const { failed, all, shortMessage } = await execa(program, args, {
    cwd: root,
    stdin: "ignore",
    all: true,
    reject: false,
    preferLocal: true,
    cancelSignal: signal,
  });
  talk(`\n── ${name}${all === "" ? "" : `\n${all}`}\n${name}: ${failed ? "failed" : "passed"}`);
  if (!failed) return { passed: 1, failed: 0 };
  tell({ name, message: lastLines(all || (shortMessage ?? "")) });
  return { passed: 0, failed: 1 };
}

export interface JestOptions {
  /** Stands before each line that it says, where several run at once. */
  readonly prefix?: string;
  readonly workers: number;
}

/** Projects of jest; every test counts. A run that ends without numbers counts as one failure. */
export async function jest(
  { root, signal, failed: tell }: CheckOptions,
  projects: readonly string[],
  options: JestOptions,
): Promise<Count> {
  const { prefix = "", workers } = options;
  talk(`\n── ${projects.join(", ")}`);
  const output = join(root, `.jest-${projects.join("-")}.json`);
  await rm(output, { force: true });
  const inBand = workers === 1 ? ["--runInBand"] : [`--maxWorkers=${String(workers)}`];
  const args = [
    "--experimental-vm-modules",
    "--no-warnings",
    join(root, "node_modules", "jest", "bin", "jest.js"),
    ...["--selectProjects", ...projects, "--verbose", "--json", "--outputFile", output, ...inBand],
  ];
  // jest's own numbers go to the file; its report is on stderr.
  let end = "";
  const said = (line: string) => {
    talk(prefix + line);
    end = lastLines(`${end}\n${line}`);
  };
  await runGroup(process.execPath, args, { cwd: root, signal, said });
  const result = await resultIn(output);
  for (const failure of failuresOf(result, root)) tell(failure);
  const suites = (result.numRuntimeErrorTestSuites ?? 0) + (result.numPendingTests ?? 0);
  const failed = (result.numFailedTests ?? 0) + suites;
  const passed = result.numPassedTests ?? 0;
  if (passed + failed > 0) return { passed, failed };
  tell({ name: `${projects.join(", ")}: no test was counted`, message: end });
  return { passed: 0, failed: 1 };
}

/** What a run wrote; empty where it came to no end. */
async function resultIn(output: string): Promise<JestResult> {
  try {
    return JSON.parse(await readFile(output, "utf8")) as JestResult;
  } catch {
    return {};
  } finally {
    await rm(output, { force: true });
  }
}

/** Every shell script of the project, for shellcheck. */
export async function shellScripts(root: string): Promise<string[]> {
  const folders = ["containers", "src", ".ci"];
  const found = await Promise.all(folders.map((folder) => readdir(join(root, folder), { recursive: true }).catch(() => [])));
  return found.flatMap((names, index) =>
    names.filter((name) => /\.sh$|^run$/.test(name)).map((name) => join(folders[index] ?? "", name)),
  );
}
