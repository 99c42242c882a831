import type { Fleet } from "../../../fleet/fleet.js";
import { operatorPolicy } from "../../../fleet/policies/operator.js";
import { registrarPolicy } from "../../../fleet/policies/registrar.js";
import { exportFor } from "../../../settings/fleet-vault.js";
import { print, talk } from "../../../terminal/report.js";

/**
 * Prints a policy for people who work on the fleet, so that nobody needs root. It is usually piped to Vault's own command, which does
 * not know the fleet file.
 */
export function printPolicy(fleet: Fleet, whose: "operator" | "registrar", address: string | undefined): void {
  print((whose === "operator" ? operatorPolicy : registrarPolicy)(fleet));
  const command = exportFor(fleet, address);
  if (command !== undefined) talk(`before the vault command writes it, tell it the server: ${command}`);
}
