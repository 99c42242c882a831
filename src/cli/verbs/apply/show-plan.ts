/** A plan as people and as programs read it. */
import { inWords } from "../../../fleet/changes/words.js";
import { printable } from "../../../ground/printable.js";
import type { FleetPlan } from "../../../operator/fleet/plan-fleet.js";
import { describeApplied } from "../../../operator/apply-stack.js";
import { bold, green, red, yellow } from "../../../terminal/colour.js";
import { asJson } from "../../../terminal/json.js";
import { terminalColumns, wrap } from "../../../terminal/wrap.js";

const signs = { withdraws: red("-"), grants: green("+"), changes: yellow("~") } as const;

/**
 * What Terraform would do, what is done beside it, and last, where it is read, what that means in the file's own words.
 * @param whole whether Terraform's own plan is shown, line by line
 */
export async function showPlan({ access, terraform, steps, changes }: FleetPlan, whole: boolean): Promise<string> {
  if (!changes) return "nothing to change: Vault is what the fleet file says";
  const item = (sign: string, text: string) => wrap(`${sign} ${printable(text)}`, terminalColumns(), "  ");
  const words = access.map(({ kind, text }) => item(signs[kind], text));
  const planned =
    terraform?.changes !== true
      ? []
      : whole
        ? [bold("Terraform's plan"), (await terraform.shown()).trim(), ""]
        : [`${bold("Terraform")}: ${describeApplied(terraform.counts, "to do")} (with --plan, its whole plan is shown)`, ""];
  return [
    ...planned,
    ...(steps.length === 0 ? [] : [bold("By Vault's API"), ...steps.map((step) => item("*", step)), ""]),
    ...(words.length === 0 ? [] : [bold("What changes"), ...words]),
  ]
    .join("\n")
    .trimEnd();
}

/** For pipelines. */
export const planAsJson = ({ access, terraform, steps, mountsWithoutSettings, changes }: FleetPlan): string =>
  asJson({ changes, access, terraform: terraform?.counts ?? null, steps, mountsWithoutSettings });

/** One line for each mount. */
export const describeMountsWithoutSettings = (mounts: FleetPlan["mountsWithoutSettings"]): readonly string[] =>
  mounts.map(
    ({ mount, groups }) =>
      `auth/${mount} has no settings yet: no machine of ${inWords(groups)} can enrol until its administrator writes auth/${mount}/config`,
  );
