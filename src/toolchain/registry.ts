import { run, type Environment } from "./run.js";

/** The provider registries, by the program that looks into them. */
export const registries = Object.freeze({ terraform: "registry.terraform.io", opentofu: "registry.opentofu.org" });

/**
 * Whether the registry can be reached, within 5 s. Asked with curl, which heeds the same proxy settings as Terraform.
 * The address is the one that Terraform's remote service discovery begins with.
 */
export async function registryAnswers(product: keyof typeof registries, environment?: Environment): Promise<boolean> {
  const address = `https://${registries[product]}/.well-known/terraform.json`;
  const args = ["--silent", "--fail", "--location", "--max-time", "5", address];
  try {
    const { stdout } = await run("curl", args, { environment, timeout: 10_000 });
    return stdout.includes("providers.v1");
  } catch {
    return false;
  }
}
