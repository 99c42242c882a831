import { join } from "node:path";
import type { Progress } from "../progress.js";
import type { Settings } from "../settings.js";
import { cached } from "./cache.js";
import { builtFrom, GoWorkshop } from "./go-workshop.js";
import type { Terraform } from "./terraform.js";
import type { ToolchainOptions } from "./toolchain-options.js";
import { opentofu } from "./versions.js";

/**
 * OpenTofu from the cache, or built from its Go module.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchOpenTofu(settings: Settings, progress: Progress, options: ToolchainOptions = {}): Promise<Terraform> {
  const { version, module } = opentofu;
  const { path, made } = await cached(settings, join("opentofu", version, "tofu"), async (folder) => {
    await using own = options.workshop === undefined ? new GoWorkshop(settings, progress, options) : undefined;
    const tofu = join(folder, "tofu");
    await (options.workshop ?? own)?.build(`OpenTofu ${version}`, module, tofu);
    return tofu;
  });
  const part = { name: "opentofu", version, binary: path } as const;
  return made ? { ...part, how: "built", ...builtFrom(module) } : { ...part, how: "found", where: path };
}
