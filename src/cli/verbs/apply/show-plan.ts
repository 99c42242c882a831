/** A plan as people and as programs read it. */
import type { FleetPlan } from "../../../operator/fleet/plan-fleet.js";
import { printable } from "../../../ground/printable.js";
import { bold, green, red, yellow } from "../../../terminal/colour.js";
import { asJson } from "../../../terminal/json.js";

const signs = { withdraws: red("-"), grants: green("+"), changes: yellow("~") } as const;

/** In the file's own words first, then Terraform's own plan, then what is done beside it. */
export async function showPlanned(plan: FleetPlan): Promise<string> {
  const { changes, terraform, steps, changesAnything } = plan;
  if (!changesAnything && changes.length === 0) return "nothing to change: Vault is what the fleet file says";
  const words = changes.map(({ kind, text }) => `${signs[kind]} ${printable(text)}`);
  return [
    ...(words.length === 0 ? [] : [bold("What changes"), ...words, ""]),
    ...(terraform?.changes === true ? [bold("Terraform's plan"), (await terraform.shown()).trim(), ""] : []),
    ...(steps.length === 0 ? [] : [bold("By Vault's API"), ...steps.map((step) => `+ ${printable(step)}`), ""]),
  ].join("\n");
}

export function planAsJson({ changes, terraform, steps, changesAnything }: FleetPlan): string {
  return asJson({
    changes: changesAnything || changes.length > 0,
    access: changes,
    terraform: terraform === undefined ? null : terraform.counts,
    steps,
  });
}
