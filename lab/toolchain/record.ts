/** What `prepare` found or fetched, kept in `.lab/toolchain.json` so that no other task has to look again. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import type { LabSettings } from "../settings/lab.js";
import { task } from "../errors/task.js";

const record = z.object({
  schema: z.literal(1),
  /** The image that sshd's is built on. */
  baseImage: z.string(),
  /** The image that Vault runs from. */
  vaultImage: z.string(),
  /** The checksum of the server in it, where the image is our own. */
  vaultChecksum: z.string().optional(),
  /** VAULT_IMAGE and TERRAFORM_BINARY_NAME as they were: another value means preparing again. */
  asked: z.object({ vaultImage: z.string().optional(), terraform: z.string().optional() }),
  terraform: z.object({ binary: z.string(), name: z.enum(["terraform", "opentofu"]), version: z.string() }),
});

export type ToolchainRecord = z.infer<typeof record>;

const fileOf = (settings: LabSettings) => join(settings.labDir, "toolchain.json");

export function askedFor(settings: LabSettings): ToolchainRecord["asked"] {
  const { terraformBinary, vault } = settings;
  return {
    ...(vault.image === undefined ? {} : { vaultImage: vault.image }),
    ...(terraformBinary === undefined ? {} : { terraform: terraformBinary }),
  };
}

/** The record, or undefined when there is none that still holds. */
export async function readToolchainRecord(settings: LabSettings): Promise<ToolchainRecord | undefined> {
  const text = await readFile(fileOf(settings), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const parsed = record.parse(JSON.parse(text));
    return JSON.stringify(parsed.asked) === JSON.stringify(askedFor(settings)) ? parsed : undefined;
  } catch {
    return undefined; // an older version's, or damaged: preparing again writes a new one
  }
}

/** The record. @throws TOOL_MISSING when the lab was not prepared */
export async function recordedToolchain(settings: LabSettings): Promise<ToolchainRecord> {
  const found = await readToolchainRecord(settings);
  if (found !== undefined) return found;
  throw fail("TOOL_MISSING", {
    tool: "the lab's toolchain",
    why: "it was not prepared yet",
    how: { say: "have it found or fetched", run: task("prepare") },
  });
}

export async function writeToolchainRecord(settings: LabSettings, toolchain: ToolchainRecord): Promise<void> {
  await writeFileAtomically(fileOf(settings), `${JSON.stringify(toolchain, null, 2)}\n`, 0o644);
}

/** The Terraform CLI configuration that says where the provider comes from. */
export const cliConfigOf = (settings: LabSettings) => join(settings.labDir, "terraform.rc");
