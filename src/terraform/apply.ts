/** Terraform (or OpenTofu) itself: init when needed, apply, and taking over what is there but not in the state. */
import { createHash } from "node:crypto";
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";

export interface Terraform {
  /** The program, absolute or on PATH. */
  readonly binary: string;
  /** The CLI configuration that says where the provider comes from. */
  readonly cliConfig: string;
  /** Where the provider finds Vault; the token goes through the environment, never into a file. */
  readonly vault: { readonly address: string; readonly token: string; readonly namespace: string | undefined };
}

/** Something that exists in Vault already: its address in the configuration, its id in the provider's terms. */
export interface Adoption {
  readonly to: string;
  readonly id: string;
}

export interface Existing {
  readonly there: readonly Adoption[];
  /** Whether what the state does not know may be taken over, and changed. */
  readonly mayAdopt: boolean;
}

export interface Applied {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly imported: number;
}

/**
 * Brings Vault to what the configuration in `dir` says.
 * @param existing what is in Vault already; it is imported where the state does not know it, so that a lost state loses nothing
 * @throws VAULT_NOT_OURS, TERRAFORM_FAILED, PROVIDER_MISSING
 */
export async function apply(terraform: Terraform, dir: string, existing: Existing): Promise<Applied> {
  await writeImports(dir, existing);
  await initialise(terraform, dir);
  // A Terraform that outlived the killed run that started it may still hold the lock.
  const output = await run(terraform, dir, ["apply", "-input=false", "-auto-approve", "-no-color", "-lock-timeout=60s"]);
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  const summary = /Apply complete! Resources: .*/.exec(output)?.[0] ?? "";
  if (summary === "") throw fail("TERRAFORM_FAILED", { command: "terraform apply", reason: "it did not say that it was done" });
  return { added: count("added"), changed: count("changed"), destroyed: count("destroyed"), imported: count("imported") };
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

/** Import blocks for what the state does not hold yet; Terraform takes them in the same apply. */
async function writeImports(dir: string, { there, mayAdopt }: Existing): Promise<void> {
  const known = await stateAddresses(join(dir, "terraform.tfstate"));
  const missing = there.filter(({ to }) => !known.has(to));
  if (missing.length > 0 && !mayAdopt) throw fail("VAULT_NOT_OURS", { what: missing.map(({ id }) => id).join(", ") });
  const file = join(dir, "adopt.tf.json");
  if (missing.length === 0) await rm(file, { force: true });
  else await writeFileAtomically(file, `${JSON.stringify({ import: missing }, null, 2)}\n`, 0o644);
}

async function stateAddresses(file: string): Promise<ReadonlySet<string>> {
  try {
    const state = JSON.parse(await readFile(file, "utf8")) as { resources?: { type: string; name: string }[] };
    return new Set(state.resources?.map(({ type, name }) => `${type}.${name}`));
  } catch (error) {
    // No state, or one that a killed run left half-written: all there is gets imported again.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") await rm(file, { force: true });
    return new Set();
  }
}

async function run(terraform: Terraform, dir: string, args: readonly string[]): Promise<string> {
  const result = await execa(terraform.binary, args, {
    cwd: dir,
    env: {
      TF_CLI_CONFIG_FILE: terraform.cliConfig,
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      VAULT_ADDR: terraform.vault.address,
      VAULT_TOKEN: terraform.vault.token,
      VAULT_NAMESPACE: terraform.vault.namespace,
    },
    reject: false,
    stdin: "ignore",
    all: true,
  });
  if (!result.failed) return result.stdout;
  const command = `${terraform.binary.replace(/^.*\//, "")} ${args[0] ?? ""}`;
  if (result.code === "ENOENT") {
    throw fail("TOOL_MISSING", { tool: terraform.binary, why: "it applies the stacks", how: "have it fetched: npm run prepare" });
  }
  const reason = reasonIn(result.all);
  const cause = new Error(result.all); // not the result itself: it holds the environment, and so the token
  if (args[0] === "init" && /provider/i.test(reason)) throw fail("PROVIDER_MISSING", { reason }, cause);
  throw fail("TERRAFORM_FAILED", { command, reason }, cause);
}

/** The first error that Terraform prints, as one line. */
function reasonIn(output: string): string {
  const [, error] = /Error: ([\s\S]*?)(?:\n\s*with |\n\s*on |\n\n\n|$)/.exec(output) ?? [];
  return (error ?? output)
    .replace(/[\s│╷╵]+/g, " ")
    .trim()
    .slice(0, 400);
}
