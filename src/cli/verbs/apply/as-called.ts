/** What an error says to run, for the fleet file and the server that this apply was called with. */
import { isFailure, SshTrustError } from "../../../errors/catalogue.js";
import { verb, type Advice, type Hint, type Run } from "../../../errors/hint.js";
import type { Fleet } from "../../../fleet/fleet.js";
import { exportFor } from "../../../settings/fleet-vault.js";
import type { Env } from "../../../settings/reader.js";
import type { ApplyOptions } from "./options.js";

/** @returns the error; where it says to run `apply`, with the options that say how, and `vault`, with the server that it is told. hints-here.ts says where */
export function asCalled(error: unknown, fleet: Fleet, options: ApplyOptions, env?: Env): unknown {
  if (!isFailure(error)) return error;
  const [first, ...others] = error.hint;
  const said = [...(first === undefined ? [] : [first]), ...policyFor(error), ...others];
  const hint = said.map((advice) => ({ ...advice, ...withOptions(advice.run, options) }));
  const { code, message, exit, fields, cause } = error;
  return new SshTrustError(code, message, withServer(hint, exportFor(fleet, options.vault, env)), exit, fields, { cause });
}

/** What a token may do follows from the fleet file: a policy that was printed from an older one may lack something. */
function policyFor({ code, fields }: SshTrustError): Hint {
  const { reason } = fields;
  const denied = typeof reason === "string" && /permission denied/i.test(reason);
  if (code !== "VAULT_PERMISSION_DENIED" && !(code === "TERRAFORM_FAILED" && denied)) return [];
  return [{ say: "the policy that an operator of this file needs", run: verb("apply --print-policy operator") }];
}

function withOptions(run: Run | undefined, { plan, withoutTerraform }: ApplyOptions): Pick<Advice, "run"> {
  if (run === undefined) return {};
  if (typeof run === "string" || !("verb" in run) || !/^apply\b/.test(run.verb)) return { run };
  const asksServer = !/--(?:synth|print-policy)\b/.test(run.verb);
  const given = [
    ...(plan === true && /-file <file>/.test(run.verb) ? ["--plan"] : []), // of a secret: what was to be planned is not applied
    ...(withoutTerraform === true && asksServer ? ["--without-terraform"] : []),
  ];
  const missing = given.filter((name) => !run.verb.includes(name));
  return { run: verb([run.verb, ...missing].join(" ")) };
}

/** Before the first command that goes where VAULT_ADDR says. */
function withServer(hint: Hint, command: string | undefined): Hint {
  const first = hint.findIndex(({ run }) => typeof run === "object" && "vault" in run);
  if (first < 0 || command === undefined) return hint;
  return [...hint.slice(0, first), { say: "the next commands have to know the server", run: command }, ...hint.slice(first)];
}
