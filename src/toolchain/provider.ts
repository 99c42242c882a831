import { link, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { cached, exists } from "./cache.js";
import { builtFrom, GoWorkshop } from "./go-workshop.js";
import type { Part } from "./part.js";
import { registries, registryAnswers } from "./registry.js";
import { goTarget } from "./target.js";
import { openTemporaryFolder } from "./temporary-folder.js";
import type { Terraform } from "./terraform.js";
import type { ToolchainOptions } from "./toolchain-options.js";
import { vaultProvider } from "./versions.js";

/** `mirror` is the folder to name in the CLI configuration; undefined: Terraform fetches the provider by itself. */
export type Provider = Part & { readonly mirror: string | undefined };

const name = "terraform-provider-vault";

/**
 * Vault's Terraform provider: a mirror in the cache, or the registry of the given Terraform where it answers, or a
 * mirror with a provider built from its Go module.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function resolveProvider(
  settings: ToolchainSettings,
  progress: Progress,
  terraform: Pick<Terraform, "name">,
  options: ToolchainOptions = {},
): Promise<Provider> {
  const inMirror = await exists(providerPath(settings, "terraform"));
  if (!inMirror && (await registryAnswers(terraform.name, options.environment))) {
    const where = `in the registry ${registries[terraform.name]}`;
    return { name, version: vaultProvider.constraint, how: "found", where, mirror: undefined };
  }
  return buildProvider(settings, progress, options);
}

/**
 * The mirror from the cache, or with a provider built from its Go module; asks no registry.
 * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
 */
export async function buildProvider(
  settings: ToolchainSettings,
  progress: Progress,
  options: ToolchainOptions = {},
): Promise<Provider & { readonly mirror: string }> {
  const { version, module } = vaultProvider;
  const { path, made } = await cached(settings, relativePath("terraform"), async (folder) => {
    await using own = options.workshop === undefined ? new GoWorkshop(settings, progress, options) : undefined;
    const provider = join(folder, name);
    await (options.workshop ?? own)?.build(`${name} ${version}`, module, provider);
    return provider;
  });
  await linkForOpenTofu(settings, path);
  const mirror = join(settings.cacheDir, "providers");
  return made
    ? { name, version, how: "built", ...builtFrom(module), mirror }
    : { name, version, how: "found", where: path, mirror };
}

/** Where the provider lies in the cache; the folders below `providers` are a filesystem_mirror's unpacked layout. */
function relativePath(product: Terraform["name"]): string {
  const { version } = vaultProvider;
  const target = `${goTarget.os}_${goTarget.arch}`;
  return join("providers", registries[product], "hashicorp", "vault", version, target, `${name}_v${version}`);
}

function providerPath(settings: ToolchainSettings, product: Terraform["name"]): string {
  return join(settings.cacheDir, relativePath(product));
}

/** "hashicorp/vault" means another registry to OpenTofu, so the one file stands under both names. */
async function linkForOpenTofu(settings: ToolchainSettings, provider: string): Promise<void> {
  const path = providerPath(settings, "opentofu");
  if (await exists(path)) return;
  await using folder = await openTemporaryFolder(settings.cacheDir);
  const fresh = join(folder.path, name);
  await link(provider, fresh);
  await mkdir(dirname(path), { recursive: true });
  await rename(fresh, path);
}
