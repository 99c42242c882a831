/** What is in Vault already, and not in Terraform's state: it is taken over, where that is allowed. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, isFailure } from "../errors/catalogue.js";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { readStateFile, type Known } from "./state.js";

/** Something that exists in Vault already: its address in the configuration, its id in the provider's terms. */
export interface Adoption {
  readonly to: string;
  readonly id: string;
}

export interface Existing {
  readonly there: readonly Adoption[];
  /** Whether what the state does not know may be taken over, and changed. */
  readonly mayAdopt: boolean;
}

/** Takes over what the state in `dir` does not hold yet. @throws VAULT_NOT_OURS */
export async function adopt(dir: string, { there, mayAdopt }: Existing): Promise<void> {
  const known = await knownTo(join(dir, "terraform.tfstate"));
  const missing = there.filter(({ to }) => !known.has(to));
  if (missing.length > 0 && !mayAdopt) {
    const how = { say: "look at it first; where nobody needs it, remove it, then run the same command again" };
    throw fail("VAULT_NOT_OURS", { what: missing.map(({ id }) => id).join(", "), how });
  }
  await writeImports(dir, missing);
}

/** Import blocks; Terraform takes them in the same apply. */
export async function writeImports(dir: string, missing: readonly Adoption[]): Promise<void> {
  const file = join(dir, "adopt.tf.json");
  if (missing.length === 0) await rm(file, { force: true });
  else await writeFileAtomically(file, `${JSON.stringify({ import: missing }, null, 2)}\n`, 0o644);
}

/** No state, or one that a killed run left half-written: all there is gets imported again. */
async function knownTo(file: string): Promise<Known> {
  try {
    return (await readStateFile(file))?.known ?? new Map();
  } catch (error) {
    if (!isFailure(error, "STATE_DAMAGED")) throw error;
    await rm(file, { force: true });
    return new Map();
  }
}
