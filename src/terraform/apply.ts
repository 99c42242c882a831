/** Terraform (or OpenTofu) itself: init when needed, apply, and taking over what is there but not in the state. */
import { createHash } from "node:crypto";
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { readChanges, type Applied } from "./machine-output.js";
import { run, type Terraform } from "./run.js";
import { writeImports, type Existing } from "./imports.js";

/**
 * Brings Vault to what the configuration in `dir` says.
 * @param existing what is in Vault already; it is imported where the state does not know it, so that a lost state loses nothing
 * @param signal looked at between the steps: a Terraform that applies is not stopped half-way
 * @throws VAULT_NOT_OURS, TERRAFORM_FAILED, PROVIDER_MISSING, TOOL_MISSING
 */
export async function apply(terraform: Terraform, dir: string, existing: Existing, signal?: AbortSignal): Promise<Applied> {
  await writeImports(dir, existing);
  signal?.throwIfAborted();
  await initialise(terraform, dir);
  signal?.throwIfAborted();
  // Who listens is waited for.
  const listening = () => undefined;
  signal?.addEventListener("abort", listening);
  try {
    // A Terraform that outlived the killed run that started it may still hold the lock.
    const args = ["apply", "-json", "-input=false", "-auto-approve", "-lock-timeout=60s"];
    const output = await run(terraform, dir, args, { outlives: true });
    signal?.throwIfAborted();
    return readChanges(output);
  } finally {
    signal?.removeEventListener("abort", listening);
  }
}

/** Init takes half a second, so it is left out while nothing that it depends on has changed. */
async function initialise(terraform: Terraform, dir: string): Promise<void> {
  const stamp = join(dir, ".initialised");
  const config = JSON.parse(await readFile(join(dir, "cdk.tf.json"), "utf8")) as { terraform?: unknown };
  const wanted = createHash("sha256")
    .update(JSON.stringify([terraform.binary, await readFile(terraform.cliConfig, "utf8"), config.terraform]))
    .digest("hex");
  const initialised = await readFile(stamp, "utf8").catch(() => "");
  const plugins = await access(join(dir, ".terraform", "providers")).then(
    () => true,
    () => false,
  );
  if (initialised === wanted && plugins) return;
  // Another binary looks its providers up under another host name: the old lock does not fit.
  await rm(join(dir, ".terraform.lock.hcl"), { force: true });
  await run(terraform, dir, ["init", "-input=false", "-no-color", "-reconfigure"]);
  await writeFileAtomically(stamp, wanted, 0o644);
}
