/** Synthesis: runs the CDKTF app as the CDKTF CLI does, by the command in cdktf.json. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execaCommand } from "execa";
import { z } from "zod";
import { fail } from "../errors/catalogue.js";

const cdktfJson = z.object({ app: z.string().min(1), context: z.record(z.string(), z.unknown()).default({}) });

/**
 * Writes every stack's configuration to `<outDir>/stacks/<stack>/cdk.tf.json`.
 * @param context handed to the app, on top of cdktf.json's own
 * @throws TERRAFORM_FAILED
 */
export async function synthesise(root: string, outDir: string, context: Readonly<Record<string, unknown>>): Promise<void> {
  const project = cdktfJson.parse(JSON.parse(await readFile(join(root, "cdktf.json"), "utf8")));
  await mkdir(outDir, { recursive: true }); // CDKTF makes the last folder only
  const result = await execaCommand(project.app, {
    cwd: root,
    env: { CDKTF_OUTDIR: outDir, CDKTF_CONTEXT_JSON: JSON.stringify({ ...project.context, ...context }) },
    reject: false,
    stdin: "ignore",
  });
  if (result.failed) {
    const reason = result.stderr.split("\n").find((line) => /error/i.test(line)) ?? result.shortMessage ?? "it failed";
    throw fail("TERRAFORM_FAILED", { command: project.app, reason: reason.trim() }, result);
  }
}
