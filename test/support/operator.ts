/** An operator who applies fleets in this process: a command of one's own costs a second each time. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SshTrustError } from "../../src/errors/catalogue.js";
import { typed } from "../../src/errors/hint.js";
import type { Fleet } from "../../src/fleet/fleet.js";
import { parseFleet } from "../../src/fleet/parse-fleet.js";
import { operatorPolicy } from "../../src/fleet/policies/operator.js";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { silent } from "../../src/ground/progress.js";
import { placesBeside, type FleetOperator, type TerraformProgram } from "../../src/operator/fleet/operator.js";
import { planFleet, type FleetPlan } from "../../src/operator/fleet/plan-fleet.js";
import { readToolchainSettings } from "../../src/settings/toolchain.js";
import type { Applied } from "../../src/terraform/machine-output.js";
import { renderCliConfig } from "../../src/toolchain/cli-config.js";
import { fetchOpenTofu } from "../../src/toolchain/go-program.js";
import { resolveProvider } from "../../src/toolchain/provider.js";
import { resolveTerraform } from "../../src/toolchain/terraform.js";
import { vaultProvider } from "../../src/toolchain/versions.js";
import type { Server } from "./servers.js";

/** What a plan said and, where it was carried out, did. */
export interface Done extends Pick<FleetPlan, "changes" | "steps"> {
  /** In the file's own words, each with its sign. */
  readonly words: readonly string[];
  readonly planned: Applied | undefined;
  readonly applied: Applied | undefined;
}

export type Changed = Partial<Omit<FleetOperator, "fleet">> & { readonly namespace?: string };

export interface Operator {
  readonly as: (text: string, changed?: Changed) => Promise<FleetOperator>;
  readonly plan: (text: string, changed?: Changed) => Promise<Done>;
  readonly apply: (text: string, changed?: Changed) => Promise<Done>;
}

/** @param folder where the fleet file would be */
export function operatorAt(server: Server, folder: string, token = server.rootToken): Operator {
  const as = async (text: string, { namespace, ...changed }: Changed = {}): Promise<FleetOperator> => {
    const fleet: Fleet = parseFleet(text, "ssh-trust.yaml");
    const places = changed.places ?? placesBeside(join(folder, "ssh-trust.yaml"));
    const settings = { address: server.address, token, tokenSource: "VAULT_TOKEN", tls: { caCert: server.caFile } };
    return {
      fleet: { ...fleet, namespace: fleet.namespace ?? namespace },
      vault: { ...settings, namespace: fleet.namespace ?? namespace },
      places,
      terraform: "terraform" in changed ? changed.terraform : await terraformIn(places.work),
      mayAdopt: false,
      secrets: {},
      progress: silent,
      ...changed,
    };
  };
  const through = (carry: boolean) => async (text: string, changed?: Changed) => {
    await using plan = await planFleet(await as(text, changed));
    const words = plan.access.map(({ kind, text: said }) => `${kind}: ${said}`);
    const applied = carry && plan.changes ? await plan.carryOut() : undefined;
    return { words, planned: plan.terraform?.counts, applied, steps: plan.steps, changes: plan.changes };
  };
  return { as, plan: through(false), apply: through(true) };
}

type Which = "terraform" | "tofu";

/** Of both programs, once each: it takes a start of them. */
const programs = new Map<Which, ReturnType<typeof resolved>>();

async function resolved(which: Which) {
  const settings = readToolchainSettings();
  const program =
    which === "tofu"
      ? ({ ...(await fetchOpenTofu(settings, silent)), name: "opentofu" } as const)
      : await resolveTerraform(settings, silent);
  const { mirror } = await resolveProvider(settings, silent, program);
  return { program, mirror };
}

/** The program on PATH, or OpenTofu. */
export async function terraformIn(work: string, which: Which = "terraform"): Promise<TerraformProgram> {
  const found = programs.get(which) ?? resolved(which);
  programs.set(which, found);
  const { program, mirror } = await found;
  const cliConfig = join(work, "terraform.rc");
  await mkdir(work, { recursive: true, mode: 0o700 });
  await writeFileAtomically(cliConfig, renderCliConfig(mirror), 0o644);
  return { binary: program.binary, cliConfig, provider: vaultProvider.version };
}

/** A token with the operator's policy for a fleet, and no other. */
export async function operatorToken(server: Server, text: string, namespace?: string): Promise<string> {
  const space = namespace === undefined ? {} : { namespace };
  const policy = operatorPolicy(parseFleet(text, "ssh-trust.yaml"));
  await server.ask("sys/policies/acl/ssh-trust-operator", { ...space, body: { policy } });
  const made = await server.ask("auth/token/create-orphan", { ...space, body: { policies: ["ssh-trust-operator"], ttl: "1h" } });
  return made.body.auth?.client_token ?? "";
}

/** What a refusal was. @throws where it was none */
export const refused = (asked: Promise<unknown>): Promise<SshTrustError> =>
  asked.then(
    (done) => {
      throw new Error(`not refused: ${JSON.stringify(done)}`);
    },
    (error: unknown) => error as SshTrustError,
  );

/** The commands of a hint, without those of ssh-trust itself, and pages that are read. */
export const commandsOf = ({ hint }: SshTrustError): readonly string[] =>
  hint.flatMap(({ run: command }) =>
    command === undefined || (typeof command === "object" && !("vault" in command)) ? [] : [typed(command, "")],
  );
