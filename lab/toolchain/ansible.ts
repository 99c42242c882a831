import { join } from "node:path";
import type { Progress } from "../../src/ground/progress.js";
import { cached } from "../../src/toolchain/cache.js";
import type { Part } from "../../src/toolchain/part.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";
import { fetchWheel } from "../../src/toolchain/wheel.js";
import type { ToolchainSettings } from "../../src/settings/toolchain.js";
import { ansible } from "./versions.js";

/** Run with `python3 -m ansible adhoc` or `playbook`, as `ansible` and `ansible-playbook` are. */
export type Ansible = Part & {
  /** For PYTHONPATH. */
  readonly path: string;
};

/**
 * Ansible from its Python wheels, each in a folder of its own: nothing is installed.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchAnsible(
  settings: ToolchainSettings,
  progress: Progress,
  surroundings: Surroundings = {},
): Promise<Ansible> {
  const folders: { readonly path: string; readonly made: boolean }[] = [];
  for (const file of ansible.wheels) {
    const folder = join("ansible", `${file.name}-${file.version}`);
    folders.push(await cached(settings, folder, (draft) => fetchWheel(file, draft, settings, progress, surroundings)));
  }
  const path = folders.map((each) => each.path).join(":");
  const part = { name: "ansible-core", version: ansible.version, path };
  return folders.some(({ made }) => made)
    ? { ...part, how: "fetched", where: "its Python wheels", checksum: "each by its sha256" }
    : { ...part, how: "found", where: join(settings.cacheDir, "ansible") };
}
