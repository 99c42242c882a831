import { access, constants, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { run, type Environment } from "./run.js";

const script = 'PATH="$PATH$2"; command -v -- "$1"';

/**
 * The absolute path of a program, or undefined where there is none.
 * @param name a name to look for on PATH, or a path
 * @param options.administrator look where Debian keeps the administrator's programs, too
 */
export async function findProgram(
  name: string,
  environment?: Environment,
  options: { readonly administrator?: boolean } = {},
): Promise<string | undefined> {
  const more = options.administrator === true ? ":/usr/sbin:/sbin" : "";
  try {
    const { stdout } = await run("/bin/sh", ["-c", script, "sh", name, more], { environment });
    // the shell also names its own commands, and, where a path was given, files that cannot be run
    if (!stdout.includes("/")) return undefined;
    const path = resolve(stdout);
    await access(path, constants.X_OK);
    return (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
