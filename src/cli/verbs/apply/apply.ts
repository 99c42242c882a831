/** `ssh-trust apply`: Vault is brought to what the fleet file says. */
import { dirname, resolve } from "node:path";
import { Option } from "commander";
import { fail, isFailure, SshTrustError } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import type { Fleet } from "../../../fleet/fleet.js";
import { describeChangedPolicies } from "../../../fleet/changed-policies.js";
import { describeLeaving } from "../../../fleet/leavers.js";
import { describeLimitsElsewhere } from "../../../fleet/limits-elsewhere.js";
import { describeManyRules } from "../../../fleet/many-rules.js";
import { describeNextSteps } from "../../../fleet/next-steps.js";
import { fleetFileName, readFleetFile } from "../../../fleet/read-fleet-file.js";
import { writeSchema } from "../../../fleet/write-schema.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { planFleet } from "../../../operator/fleet/plan-fleet.js";
import { describeApplied } from "../../../operator/apply-stack.js";
import { exportFor } from "../../../settings/fleet-vault.js";
import { programName } from "../../../settings/program.js";
import { verb } from "../../../terminal/command.js";
import { finish, sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { withFormat } from "../../../terminal/options.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { agreed, requireAnswer } from "../../ask-first.js";
import { asCalled } from "./as-called.js";
import { printedPolicies, printPolicy } from "./print-policy.js";
import { operatorFor } from "./operator-for.js";
import type { ApplyOptions } from "./options.js";
import { describeMountsWithoutSettings, planAsJson, showPlan } from "./show-plan.js";
import { writeForOthers } from "./write-for-others.js";
import { unbroken } from "../../../terminal/wrap.js";

const declared = verb("apply", ["--plan", "--yes", "--print-policy operator > operator.hcl", "--synth terraform"])
  .option("--file <file>", "the fleet file", fleetFileName)
  .option("--plan", "show what would change, and exit with 2 if anything would; nothing is changed")
  .option("--yes", "apply without asking")
  .option("--adopt", "take over, and change, what the file names and Vault has already, though ssh-trust has no record of it")
  .option("--vault <address>", "the address at which this machine reaches the file's Vault, if it differs")
  .option(
    "--oidc-secret-file <file>",
    "the client secret of sign-in.oidc, for the first apply and for a new one; - is standard input",
  )
  .option("--ldap-password-file <file>", "the password of sign-in.ldap's bind-dn; - is standard input")
  .option(
    "--synth <folder>",
    "write Terraform's configuration there, for those who run Terraform themselves; no server is contacted",
  )
  .option(
    "--without-terraform",
    "do everything but Terraform's part: CA keys, sign-in connections, and the copy of the fleet that clients read in Vault",
  )
  .addOption(new Option("--print-policy <whose>", "print a Vault policy").choices([...printedPolicies]));

export const apply = withFormat(declared).action(async (options: ApplyOptions) => {
  refuseContradictions(options);
  const fleet = await readFleetFile(options.file);
  if (options.printPolicy !== undefined) {
    printPolicy(fleet, options.printPolicy, options.vault);
    return;
  }
  if (options.synth !== undefined) {
    await writeForOthers(fleet, options.synth, options);
    return;
  }
  await planAndApply(fleet, options, signalOf(apply)).catch((error: unknown) => {
    throw asCalled(options.plan === true ? failedPlan(error) : error, fleet, options);
  });
});

/** To a pipeline, 2 is "would change": nothing else but a wrong command line ends a plan so. */
const failedPlan = (error: unknown): unknown =>
  isFailure(error) ? new SshTrustError(error.code, error.message, error.hint, 1, error.fields, { cause: error.cause }) : error;

const usage = (what: string) => fail("USAGE", { what, help: call("apply --help") });

function refuseContradictions(options: ApplyOptions): void {
  const alone = [
    ["--plan", options.plan],
    ["--synth", options.synth],
    ["--print-policy", options.printPolicy],
  ].flatMap(([name, given]) => (given === undefined ? [] : [name]));
  if (alone.length > 1) throw usage(`${alone.join(" and ")} do not go together`);
  if (options.oidcSecretFile === "-" && options.ldapPasswordFile === "-") throw usage("standard input holds one secret only");
  if (alone.length === 0) requireAnswer(options, "apply --plan", usage);
  if (options.format === "json" && options.plan !== true) throw usage("--format json is for --plan");
}

async function planAndApply(file: Fleet, options: ApplyOptions, signal: AbortSignal): Promise<void> {
  sayIfInterrupted(apply, "nothing was changed in Vault, and the same command can be run again");
  const operator = await operatorFor(file, options, signal);
  await writeSchema(dirname(resolve(options.file)));
  await using plan = await planFleet(operator);
  const onlyPlan = options.plan === true;
  const { address, namespace } = operator.vault;
  const server = exportFor({ vault: address, namespace: undefined }, undefined);
  if (plan.changes) for (const line of describeLimitsElsewhere(operator.fleet, server)) talk(printable(line)); // commands are not wrapped
  print(options.format === "json" ? planAsJson(plan) : await showPlan(plan, onlyPlan));
  const notes = [...describeMountsWithoutSettings(plan.mountsWithoutSettings), ...describeManyRules(operator.fleet)];
  if (onlyPlan || !plan.changes) {
    talkInLines(notes);
    finish(plan.changes ? 2 : 0);
    return;
  }
  const where = `Vault at ${address}${namespace === undefined ? "" : `, namespace ${namespace}`}`;
  if (options.yes !== true && !(await agreed([], `\napply this to ${printable(where)}?`))) return;
  sayIfInterrupted(apply, halfDone);
  const applied = await plan.carryOut();
  talk(applied === undefined ? "applied" : `applied; Terraform: ${describeApplied(applied)}`);
  if (plan.access.length > 0) talkInLines(describeLeaving(operator.fleet, plan.before));
  talkInLines(notes);
  if (plan.before !== undefined) talkInLines(describeChangedPolicies(plan.before, operator.fleet, policyVerbs(options)));
  if (plan.before === undefined) talkInLines(describeNextSteps(operator.fleet, nextVerbs()));
}

const nextVerbs = () => ({
  add: unbroken(`${programName()} host add <name> --out user-data`),
  template: unbroken(`${programName()} host template <group> --token-file <path> --out user-data`),
  invite: unbroken(`${programName()} people add <name> --group <group> --out <file>`),
});

function policyVerbs({ file }: ApplyOptions) {
  const print = (whose: string) =>
    unbroken(`${programName()} apply --print-policy ${whose}${file === fleetFileName ? "" : ` --file ${shellWord(file)}`}`);
  return { operator: print("operator"), registrar: print("registrar"), people: print("people") };
}

const halfDone =
  "Vault may be partly changed: Terraform, if it is running, finishes by itself, and the steps after it (CA keys, " +
  "connections, the entry that clients read) are skipped; the same command continues from there";
