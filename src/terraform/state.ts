/** Terraform's state, as far as it says what exists by it. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { run, type Terraform } from "./run.js";

const state = z.object({
  resources: z
    .array(
      z.object({
        mode: z.string().default("managed"),
        type: z.string(),
        name: z.string(),
        instances: z.array(z.object({ attributes: z.record(z.string(), z.unknown()).default({}) })).default([]),
      }),
    )
    .default([]),
});

/** What the state knows, by its address in the configuration: its attributes. */
export type Known = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The state in a file; nothing where there is none. @throws STATE_DAMAGED */
export async function readStateFile(file: string): Promise<Known> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return "{}";
    throw error;
  });
  try {
    return knownIn(text);
  } catch (error) {
    const reason = reasonOf(error).replaceAll(/\s+/g, " ");
    const backup = existsSync(`${file}.backup`) ? shellWord(`${file}.backup`) : undefined;
    const words = { quoted: shellWord(file), backup, away: shellWord(`${file}.damaged`) };
    throw fail("STATE_DAMAGED", { file, reason, ...words }, error);
  }
}

/** The state in whatever backend the configuration in `dir` has; it must be initialised. @throws TERRAFORM_FAILED */
export async function pullState(terraform: Terraform, dir: string): Promise<Known> {
  const { stdout } = await run(terraform, dir, ["state", "pull"]);
  return stdout.trim() === "" ? new Map() : knownIn(stdout);
}

const knownIn = (text: string): Known =>
  new Map(
    state
      .parse(JSON.parse(text))
      .resources.filter(({ mode, instances }) => mode === "managed" && instances.length > 0)
      .map(({ type, name, instances }) => [`${type}.${name}`, instances[0]?.attributes ?? {}] as const),
  );
