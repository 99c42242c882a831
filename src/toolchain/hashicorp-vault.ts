import { join } from "node:path";
import type { Progress } from "../progress.js";
import type { Settings } from "../settings.js";
import { cached } from "./cache.js";
import { builtFrom, GoWorkshop } from "./go-workshop.js";
import type { Program } from "./part.js";
import type { ToolchainOptions } from "./toolchain-options.js";
import { hashicorpVault } from "./versions.js";

/**
 * HashiCorp's Vault (without its UI) from the cache, or built from its Go module: for tests on machines that cannot pull
 * its image.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchHashicorpVault(
  settings: Settings,
  progress: Progress,
  options: ToolchainOptions = {},
): Promise<Program> {
  const { version, module } = hashicorpVault;
  const { path, made } = await cached(settings, join("hashicorp-vault", version, "vault"), async (folder) => {
    await using own = options.workshop === undefined ? new GoWorkshop(settings, progress, options) : undefined;
    const vault = join(folder, "vault");
    await (options.workshop ?? own)?.build(`HashiCorp Vault ${version}`, module, vault);
    return vault;
  });
  const part = { name: "hashicorp-vault", version, binary: path } as const;
  return made ? { ...part, how: "built", ...builtFrom(module) } : { ...part, how: "found", where: path };
}
