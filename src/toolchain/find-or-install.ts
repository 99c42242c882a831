import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { fail } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import { installPackages } from "./apt.js";
import { readSystem, type System } from "./system.js";
import type { Surroundings } from "./surroundings.js";

/** A program that is needed, for the messages and for apt. */
export interface Need {
  readonly tool: string;
  /** Debian's packages that hold it. */
  readonly packages: readonly string[];
  /** What it is needed for, after "not installed". */
  readonly why: string;
}

/** What a person does to get the packages. */
export function howToInstall(packages: readonly string[], { debian, root }: System): Advice {
  const names = packages.join(" ");
  if (!debian) return { say: `install it with your system's package manager (Debian calls it ${names})` };
  return { say: "install it", run: `${root ? "" : "sudo "}apt-get install ${names}` };
}

/**
 * What `find` finds, after installing the packages first where they are missing and may be installed.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function findOrInstall<T>(
  need: Need,
  find: () => Promise<T | undefined>,
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<{ readonly found: T; readonly installed: boolean }> {
  const there = await find();
  if (there !== undefined) return { found: there, installed: false };

  const system = surroundings.system ?? (await readSystem());
  const { tool, packages, why } = need;
  if (settings.mayInstall && system.debian && system.root) {
    await installPackages(packages, progress, surroundings.environment);
    const found = await find();
    if (found !== undefined) return { found, installed: true };
  }
  throw fail("TOOL_MISSING", { tool, why, how: howToInstall(packages, system) });
}
