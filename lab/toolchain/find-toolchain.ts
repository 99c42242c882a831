import type { Progress } from "../../src/ground/progress.js";
import type { LabSettings } from "../settings/lab.js";
import { GoWorkshop } from "../../src/toolchain/go-workshop.js";
import { resolveProvider, type Provider } from "../../src/toolchain/provider.js";
import { resolveTerraform, type Terraform } from "../../src/toolchain/terraform.js";
import type { ToolchainOptions } from "../../src/toolchain/toolchain-options.js";

/** What applies the stacks. */
export interface Toolchain {
  readonly terraform: Terraform;
  readonly provider: Provider;
}

/**
 * Finds or fetches Terraform and its Vault provider; what Go downloads is shared and removed at the end.
 * @throws TOOL_MISSING, TOOL_TOO_OLD, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function resolveToolchain(
  settings: LabSettings,
  progress: Progress,
  options: ToolchainOptions = {},
): Promise<Toolchain> {
  await using own = new GoWorkshop(settings, progress, options);
  const shared = { ...options, workshop: options.workshop ?? own };
  const terraform = await resolveTerraform(settings, progress, shared);
  const provider = await resolveProvider(settings, progress, terraform, shared);
  return { terraform, provider };
}
