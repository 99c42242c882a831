import { readFile } from "node:fs/promises";
import type { Progress } from "../../src/ground/progress.js";
import type { LabSettings } from "../settings/lab.js";
import { findOrInstall } from "../../src/toolchain/find-or-install.js";
import { findProgram } from "../../src/toolchain/find-program.js";
import type { Program } from "../../src/toolchain/part.js";
import { run } from "../../src/toolchain/run.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";

/**
 * The Docker engine's program, dockerd, installed where it is missing and may be. It is not started.
 * @throws TOOL_MISSING, FETCH_FAILED
 */
export async function installDocker(
  settings: LabSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program> {
  const { environment } = surroundings;
  const need = {
    tool: "docker.io",
    // ca-certificates, to pull images; the rest of what docker.io recommends is not needed to run containers
    packages: ["docker.io", "ca-certificates", ...((await usesAppArmor()) ? ["apparmor"] : [])],
    why: "the lab's machines are Docker containers",
  };
  const find = () => findProgram("dockerd", environment, { administrator: true });
  const { found, installed } = await findOrInstall(need, find, settings, progress, surroundings);
  const { stdout } = await run(found, ["--version"], { environment, timeout: 10_000 });
  const version = /version (\d[^\s,]*)/.exec(stdout)?.[1] ?? "of unknown version";
  const where = installed ? "the package docker.io" : found;
  return { name: "docker", version, how: installed ? "installed" : "found", where, binary: found };
}

/** Where the kernel has AppArmor on, dockerd wants its parser and starts no container without. */
async function usesAppArmor(): Promise<boolean> {
  const enabled = await readFile("/sys/module/apparmor/parameters/enabled", "utf8").catch(() => "N");
  return enabled.startsWith("Y");
}
