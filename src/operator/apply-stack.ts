/** A stack, synthesised and applied: Vault is brought to what it says, and what was there is taken over where that is allowed. */
import { join } from "node:path";
import type { Progress } from "../ground/progress.js";
import type { Stacks } from "../roles.js";
import type { VaultSettings } from "../settings/vault.js";
import { apply } from "../terraform/apply.js";
import type { Adoption } from "../terraform/imports.js";
import type { Applied } from "../terraform/machine-output.js";
import { synthesise } from "../terraform/synth.js";
import { requireToken } from "../vault/token.js";

/** What stacks are applied with, and where. */
export interface Operator {
  readonly vault: VaultSettings;
  readonly terraform: { readonly binary: string; readonly name: string };
  /** Terraform's CLI configuration: where the provider comes from. */
  readonly cliConfig: string;
  /** The folder that the configuration and Terraform's state are in. */
  readonly outDir: string;
  /** What the stacks are made from. */
  readonly stacks: Stacks;
  /** Whether what somebody else made may be taken over, and changed. */
  readonly mayAdopt: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A stack of the context. */
export interface Stack {
  readonly name: string;
  /** What Vault holds of it already. */
  readonly existing: () => Promise<readonly Adoption[]>;
}

/**
 * @returns what Terraform did
 * @throws VAULT_TOKEN_MISSING, VAULT_NOT_OURS, OPERATOR_PACKAGES_MISSING, TERRAFORM_FAILED, PROVIDER_MISSING, and what `existing` throws
 */
export async function applyStack(operator: Operator, { name, existing }: Stack): Promise<Applied> {
  const { vault, terraform, cliConfig, outDir, stacks, mayAdopt, progress, signal } = operator;
  const token = requireToken(vault);
  return progress.during(`${terraform.name} applies the stack ${name}`, async (detail) => {
    detail("synth");
    const [there] = await Promise.all([existing(), synthesise(stacks, outDir)]);
    signal?.throwIfAborted();
    detail("apply");
    const to = { binary: terraform.binary, cliConfig, vault: { ...vault, token } };
    return apply(to, join(outDir, "stacks", name), { there, mayAdopt }, signal);
  });
}

/** What was done, or is to be, in words. */
export function describeApplied({ added, changed, destroyed, imported }: Applied, when: "done" | "to do" = "done"): string {
  const counts = [
    { done: "added", "to do": "to add", count: added },
    { done: "changed", "to do": "to change", count: changed },
    { done: "destroyed", "to do": "to destroy", count: destroyed },
    { done: "taken over", "to do": "to take over", count: imported },
  ].filter(({ count }) => count > 0);
  return counts.length === 0 ? "nothing to change" : counts.map((each) => `${String(each.count)} ${each[when]}`).join(", ");
}
