/** `ssh-trust apply`: Vault is brought to what the fleet file says. */
import { dirname, resolve } from "node:path";
import { Option } from "commander";
import { fail, isFailure, SshTrustError } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import type { Fleet } from "../../../fleet/fleet.js";
import { describeLeavers, withRulesBefore } from "../../../fleet/leavers.js";
import { fleetFileName, readFleetFile } from "../../../fleet/read-fleet-file.js";
import { rateLimits } from "../../../fleet/vault-names.js";
import { writeSchema } from "../../../fleet/write-schema.js";
import { printable } from "../../../ground/printable.js";
import { planFleet } from "../../../operator/fleet/plan-fleet.js";
import { describeApplied } from "../../../operator/apply-stack.js";
import { askYes, canAsk } from "../../../terminal/ask-yes.js";
import { verb } from "../../../terminal/command.js";
import { finish, signalOf } from "../../../terminal/main.js";
import { withFormat } from "../../../terminal/options.js";
import { print, talk } from "../../../terminal/report.js";
import { asCalled } from "./as-called.js";
import { printPolicy } from "./print-policy.js";
import { operatorFor } from "./operator-for.js";
import type { ApplyOptions } from "./options.js";
import { planAsJson, showPlan } from "./show-plan.js";
import { writeForOthers } from "./write-for-others.js";

const declared = verb("apply", [
  "--plan",
  "--yes",
  "--print-policy operator | vault policy write ssh-trust-operator -",
  "--synth terraform",
])
  .option("--file <file>", "the fleet file", fleetFileName)
  .option("--plan", "show what would change, and exit with 2 where anything would; nothing is changed")
  .option("--yes", "apply without asking")
  .option("--adopt", "take over, and change, what Vault has and Terraform's state or the entry does not know")
  .option("--vault <address>", "where this machine reaches the Vault of the file, if elsewhere")
  .option(
    "--oidc-secret-file <file>",
    "the client secret of sign-in.oidc, for the first apply and for a new one; - is standard input",
  )
  .option("--ldap-password-file <file>", "the password of sign-in.ldap's bind-dn; - is standard input")
  .option("--synth <folder>", "write Terraform's configuration there, for those who run Terraform themselves; no server is asked")
  .option("--without-terraform", "do only what is not Terraform's: CA keys, connections, the entry that clients read")
  .addOption(new Option("--print-policy <whose>", "print a Vault policy").choices(["operator", "registrar"]));

export const apply = withFormat(declared).action(async (options: ApplyOptions) => {
  refuseContradictions(options);
  const fleet = await readFleetFile(options.file);
  if (options.printPolicy !== undefined) {
    printPolicy(fleet, options.printPolicy, options.vault);
    return;
  }
  if (options.synth !== undefined) {
    await writeForOthers(fleet, options.synth);
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
  if (alone.length === 0 && options.yes !== true && !canAsk())
    throw usage("nobody can be asked here: look at apply --plan, then give --yes");
  if (options.format === "json" && options.plan !== true) throw usage("--format json is for --plan");
}

async function planAndApply(file: Fleet, options: ApplyOptions, signal: AbortSignal): Promise<void> {
  const operator = await operatorFor(file, options, signal);
  await writeSchema(dirname(resolve(options.file)));
  await using plan = await planFleet(operator);
  const onlyPlan = options.plan === true;
  if (plan.changes) for (const line of limitsElsewhere(operator.fleet)) talk(printable(line));
  print(options.format === "json" ? planAsJson(plan) : await showPlan(plan, onlyPlan));
  if (onlyPlan || !plan.changes) {
    finish(plan.changes ? 2 : 0);
    return;
  }
  if (options.yes !== true && !(await askYes("apply?"))) {
    talk("nothing was changed");
    finish(1);
    return;
  }
  const applied = await plan.carryOut();
  talk(applied === undefined ? "applied" : `applied; Terraform: ${describeApplied(applied)}`);
  if (plan.access.length === 0) return;
  talk("somebody who leaves a group of people, or loses a rule, may still log in for, at most:");
  for (const line of describeLeavers(withRulesBefore(operator.fleet, plan.before))) talk(`  ${printable(line)}`);
}

/** In a namespace, rate limits are not the operator's to make: what whoever may make them types. */
function limitsElsewhere(fleet: Fleet): readonly string[] {
  const { namespace } = fleet;
  if (namespace === undefined) return [];
  const commands = rateLimits(fleet).map(
    ({ name, path, rate }) =>
      `  vault write -namespace= sys/quotas/rate-limit/${namespace.replaceAll("/", ".")}.${name} path=${namespace}/${path}/ rate=${String(rate)} interval=1s`,
  );
  return ["rate limits are kept in the root namespace, so they are not made here; an operator of it can make them:", ...commands];
}
