import type { Progress } from "../../src/ground/progress.js";
import { cached } from "../../src/toolchain/cache.js";
import type { Part } from "../../src/toolchain/part.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";
import { fetchWheels } from "../../src/toolchain/wheel.js";
import type { ToolchainSettings } from "../../src/settings/toolchain.js";
import { schemathesis } from "./versions.js";

/** Run by its function `schemathesis.cli.schemathesis`: from a folder it has no command. */
export type Schemathesis = Part & {
  /** For PYTHONPATH. */
  readonly path: string;
};

/**
 * Schemathesis and all that it needs, from Python wheels, in one folder: nothing is installed.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchSchemathesis(
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Schemathesis> {
  const { version, wheels } = schemathesis;
  const { path, made } = await cached(settings, `schemathesis-${version}`, (draft) =>
    fetchWheels(wheels, draft, settings, progress, surroundings),
  );
  const part = { name: "schemathesis", version, path };
  return made
    ? { ...part, how: "fetched", where: "its Python wheels", checksum: "each by its sha256" }
    : { ...part, how: "found", where: path };
}
