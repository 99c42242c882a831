/** `ca.json`: what an offline CA is called, and for which domain it signs. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { fail, isFailure, reasonOf } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { caKinds, configFile, privateFolder } from "./layout.js";
import { checkCaName, checkDomain } from "./names.js";

export interface CaConfig {
  readonly name: string;
  readonly domain: string;
  /** When it was made, UTC. */
  readonly made: string;
}

const stored = z.strictObject({ schema: z.literal(1), name: z.string(), domain: z.string(), made: z.iso.datetime() });

export async function writeConfig(dir: string, { name, domain, made }: CaConfig): Promise<void> {
  await writeFileAtomically(configFile(dir), `${JSON.stringify({ schema: 1, name, domain, made }, undefined, 2)}\n`, 0o600);
}

/** @throws OFFLINE_CA_MISSING, OFFLINE_CA_INCOMPLETE */
export async function readConfig(dir: string): Promise<CaConfig> {
  const broken = (problem: string, cause?: unknown) => fail("OFFLINE_CA_INCOMPLETE", { dir: shellWord(dir), problem }, cause);
  const text = await readFile(configFile(dir), "utf8").catch((error: unknown) => {
    throw systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR" ? absent(dir, error) : broken(reasonOf(error), error);
  });
  try {
    const { name, domain, made } = stored.parse(JSON.parse(text));
    checkCaName(name);
    checkDomain(domain);
    return { name, domain, made };
  } catch (error) {
    throw broken(`ca.json is not what init wrote: ${explain(error)}`, error);
  }
}

/** Where its parts lie without it, it was there. */
function absent(dir: string, cause: unknown): Error {
  const parts = caKinds.map((kind) => privateFolder(dir, kind)).filter((folder) => existsSync(folder));
  if (parts.length === 0) return fail("OFFLINE_CA_MISSING", { dir: shellWord(dir) }, cause);
  return fail("OFFLINE_CA_INCOMPLETE", { dir: shellWord(dir), problem: `${configFile(dir)} is missing` }, cause);
}

function explain(error: unknown): string {
  if (isFailure(error)) return error.message;
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  return issue === undefined ? "it is not JSON" : `${issue.path.join(".")}: ${issue.message}`;
}
