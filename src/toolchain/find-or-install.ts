import type { Progress } from "../ground/progress.js";
import type { Settings } from "../settings.js";
import { fail } from "../errors/catalogue.js";
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

/** What a person does to get the packages, as a hint. */
export function howToInstall(packages: readonly string[], system: System): string {
  const names = packages.join(" ");
  if (!system.debian) return `install it with your system's package manager (Debian calls it ${names})`;
  if (!system.root) return `install it: sudo apt-get install ${names}`;
  return `install it: apt-get install ${names} (or have everything installed: npm run prepare -- --install)`;
}

/**
 * What `find` finds, after installing the packages first where they are missing and may be installed.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function findOrInstall<T>(
  need: Need,
  find: () => Promise<T | undefined>,
  settings: Settings,
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
