import type { Fleet } from "../../../fleet/fleet.js";
import { directoryPolicy } from "../../../fleet/policies/directory.js";
import { operatorPolicy } from "../../../fleet/policies/operator.js";
import { peopleRegistrarPolicy } from "../../../fleet/policies/people-registrar.js";
import { registrarPolicy } from "../../../fleet/policies/registrar.js";
import { exportFor } from "../../../settings/fleet-vault.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { unbroken } from "../../../terminal/wrap.js";

const policies = {
  operator: operatorPolicy,
  registrar: registrarPolicy,
  people: peopleRegistrarPolicy,
  directory: directoryPolicy,
};
export type PrintedPolicy = keyof typeof policies;

/** As --print-policy takes them. */
export const printedPolicies = Object.keys(policies) as readonly PrintedPolicy[];

/**
 * Prints a policy for people who work on the fleet, so that nobody needs root. It is usually piped to Vault's own command, which does
 * not know the fleet file.
 */
export function printPolicy(fleet: Fleet, whose: PrintedPolicy, address: string | undefined): void {
  print(policies[whose](fleet));
  const command = exportFor(fleet, address);
  if (command !== undefined) talkInLines([`before the vault command writes it, tell it the server: ${unbroken(command)}`]);
}
