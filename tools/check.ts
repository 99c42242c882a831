/** The checks behind `npm test`: each prints as it goes, and ends in numbers. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { LabSettings } from "../lab/settings/lab.js";
import { talk } from "../src/terminal/report.js";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** One program that passes or fails as a whole: a linter, the type checker. */
export async function checkWith(settings: LabSettings, name: string, program: string, args: readonly string[]): Promise<Count> {
  talk(`\n── ${name}`);
  const { failed } = await execa(program, args, {
    cwd: settings.root,
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
    preferLocal: true,
  });
  talk(failed ? `${name}: failed` : `${name}: passed`);
  return failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

/** Projects of jest; every test counts. A run that ends without numbers counts as one failure. */
export async function jest(settings: LabSettings, projects: readonly string[], args: readonly string[]): Promise<Count> {
  talk(`\n── ${projects.join(", ")}`);
  const output = join(settings.root, `.jest-${projects.join("-")}.json`);
  await rm(output, { force: true });
  await execa(
    process.execPath,
    [
      "--experimental-vm-modules",
      "--no-warnings",
      join(settings.root, "node_modules", "jest", "bin", "jest.js"),
      ...["--selectProjects", ...projects, "--verbose", "--json", "--outputFile", output],
      ...args,
    ],
    // jest's own numbers go to the file; its report is on stderr.
    { cwd: settings.root, stdio: ["ignore", "ignore", "inherit"], reject: false },
  );
  try {
    const result = JSON.parse(await readFile(output, "utf8")) as Record<string, number>;
    const suites = (result["numRuntimeErrorTestSuites"] ?? 0) + (result["numPendingTests"] ?? 0);
    const failed = (result["numFailedTests"] ?? 0) + suites;
    const passed = result["numPassedTests"] ?? 0;
    return passed + failed === 0 ? { passed: 0, failed: 1 } : { passed, failed };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    await rm(output, { force: true });
  }
}

/** Every shell script of the project, for shellcheck. */
export async function shellScripts({ root }: LabSettings): Promise<string[]> {
  const folders = ["containers", "src", ".ci"];
  const found = await Promise.all(folders.map((folder) => readdir(join(root, folder), { recursive: true }).catch(() => [])));
  return found.flatMap((names, index) =>
    names.filter((name) => /\.sh$|^run$/.test(name)).map((name) => join(folders[index] ?? "", name)),
  );
}
