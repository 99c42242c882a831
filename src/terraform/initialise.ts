/** `terraform init`, where it is needed. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { run, type Terraform } from "./run.js";

/** Init takes half a second, so it is left out while nothing that it depends on has changed. */
export async function initialise(terraform: Terraform, dir: string): Promise<void> {
  const stamp = join(dir, ".initialised");
  const config = JSON.parse(await readFile(join(dir, "cdk.tf.json"), "utf8")) as { terraform?: unknown };
  const wanted = createHash("sha256")
    .update(JSON.stringify([terraform.binary, await readFile(terraform.cliConfig, "utf8"), config.terraform]))
    .digest("hex");
  const initialised = await readFile(stamp, "utf8").catch(() => "");
  const lock = join(dir, ".terraform.lock.hcl");
  const made = [join(dir, ".terraform", "providers"), lock].every((path) => existsSync(path));
  if (initialised === wanted && made) return;
  // Another binary looks its providers up under another host name: the old lock does not fit. An init that fails leaves neither.
  for (const old of [stamp, lock]) await rm(old, { force: true });
  await run(terraform, dir, ["init", "-input=false", "-no-color", "-reconfigure"]);
  await writeFileAtomically(stamp, wanted, 0o644);
}
