/** `terraform init`, where it is needed. */
import { createHash } from "node:crypto";
import { access, readFile, rm } from "node:fs/promises";
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
