/** A plan as people and as programs read it. */
import { printable } from "../../../ground/printable.js";
import type { FleetPlan } from "../../../operator/fleet/plan-fleet.js";
import { describeApplied } from "../../../operator/apply-stack.js";
import { bold, green, red, yellow } from "../../../terminal/colour.js";
import { asJson } from "../../../terminal/json.js";

const signs = { withdraws: red("-"), grants: green("+"), changes: yellow("~") } as const;

/**
 * In the file's own words first, then what Terraform would do, then what is done beside it.
 * @param whole whether Terraform's own plan is shown, line by line
 */
export async function showPlan({ access, terraform, steps, changes }: FleetPlan, whole: boolean): Promise<string> {
  if (!changes) return "nothing to change: Vault is what the fleet file says";
  const words = access.map(({ kind, text }) => `${signs[kind]} ${printable(text)}`);
  const planned =
    terraform?.changes !== true
      ? []
      : whole
        ? [bold("Terraform's plan"), (await terraform.shown()).trim(), ""]
        : [`${bold("Terraform")}: ${describeApplied(terraform.counts, "to do")} (apply --plan shows its plan)`, ""];
  return [
    ...(words.length === 0 ? [] : [bold("What changes"), ...words, ""]),
    ...planned,
    ...(steps.length === 0 ? [] : [bold("By Vault's API"), ...steps.map((step) => `+ ${printable(step)}`)]),
  ].join("\n");
}

/** For pipelines. */
export const planAsJson = ({ access, terraform, steps, changes }: FleetPlan): string =>
  asJson({ changes, access, terraform: terraform?.counts ?? null, steps });
