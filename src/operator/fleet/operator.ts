import { basename, dirname, join } from "node:path";
import type { Fleet } from "../../fleet/fleet.js";
import type { Progress } from "../../ground/progress.js";
import type { VaultSettings } from "../../settings/vault.js";
import type { Terraform } from "../../terraform/run.js";
import type { Secrets } from "./connections.js";

/** How long another apply of the same fleet is waited for, in seconds. */
export const patience = 60;

export interface Places {
  /** Where the configuration and Terraform's own files are; all of it can be made again. */
  readonly work: string;
  /** Terraform's state, where the fleet file names no backend. */
  readonly stateFile: string;
}

/**
 * Beside a fleet file, and named as it is: two fleets in one folder have nothing in common. The state is in sight; what can be made
 * again is in a folder that is in no repository.
 * @example placesBeside("/fleet/ssh-trust.yaml").stateFile // "/fleet/ssh-trust.tfstate"
 */
export function placesBeside(file: string): Places {
  const name = basename(file).replace(/\.ya?ml$/, "");
  return { work: join(dirname(file), ".ssh-trust", `terraform-${name}`), stateFile: join(dirname(file), `${name}.tfstate`) };
}

export type TerraformProgram = Pick<Terraform, "binary" | "cliConfig"> & {
  /** The version of Vault's provider. */
  readonly provider: string;
};

/** Who applies a fleet file, and with what. */
export interface FleetOperator {
  readonly fleet: Fleet;
  readonly vault: VaultSettings;
  readonly places: Places;
  /** Undefined: somebody else runs Terraform. */
  readonly terraform: TerraformProgram | undefined;
  /** Whether what Terraform's state does not know may be taken over, and changed. */
  readonly mayAdopt: boolean;
  readonly secrets: Secrets;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}
