/** Terraform's state, as far as it says what exists by it. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { lockTimeout } from "./plan.js";
import { run, type Terraform } from "./run.js";

const instance = z.object({ status: z.string().optional(), attributes: z.record(z.string(), z.unknown()).default({}) });
const resource = z.object({
  mode: z.string().default("managed"),
  type: z.string(),
  name: z.string(),
  instances: z.array(instance).default([]),
});
const stateFile = z.object({
  lineage: z.string().default(""),
  serial: z.number().default(0),
  resources: z.array(resource).default([]),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});
/** As OpenTofu writes it where it was told a key. */
const encrypted = z.object({ encrypted_data: z.unknown().refine((data) => data !== undefined) });

/** What the state knows, by its address in the configuration: its attributes. */
export type Known = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface State {
  readonly known: Known;
  /** Addresses of what an apply that failed left half-made: Terraform would destroy it and make it anew. */
  readonly tainted: readonly string[];
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  /** Another one with each change: Terraform applies no plan that was made from another. */
  readonly revision: string;
}

/** The state in a file; nothing where there is none; undefined where only OpenTofu can read it. @throws STATE_DAMAGED */
export async function readStateFile(file: string): Promise<State | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return "{}";
    throw error;
  });
  try {
    return encrypted.safeParse(JSON.parse(text)).success ? undefined : stateIn(text);
  } catch (error) {
    const reason = reasonOf(error).replaceAll(/\s+/g, " ");
    const backup = existsSync(`${file}.backup`) ? shellWord(`${file}.backup`) : undefined;
    const words = { quoted: shellWord(file), backup, away: shellWord(`${file}.damaged`) };
    throw fail("STATE_DAMAGED", { file, reason, ...words }, error);
  }
}

/** The state in whatever backend the configuration in `dir` has; it must be initialised. @throws TERRAFORM_FAILED */
export async function pullState(terraform: Terraform, dir: string): Promise<State> {
  const { stdout } = await run(terraform, dir, ["state", "pull"]);
  return stateIn(stdout.trim() === "" ? "{}" : stdout);
}

/** Keeps what is half-made: the plan then says what it lacks. The configuration in `dir` must be initialised. */
export async function keepTainted(terraform: Terraform, dir: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await run(terraform, dir, ["untaint", lockTimeout, address]);
}

function stateIn(text: string): State {
  const { resources, outputs, lineage, serial } = stateFile.parse(JSON.parse(text));
  const managed = resources.flatMap(({ mode, type, name, instances: [only] }) =>
    mode === "managed" && only !== undefined ? [{ address: `${type}.${name}`, ...only }] : [],
  );
  return {
    outputs,
    revision: `${lineage} ${String(serial)}`,
    known: new Map(managed.map(({ address, attributes }) => [address, attributes])),
    tainted: managed.flatMap(({ address, status }) => (status === "tainted" ? [address] : [])),
  };
}
