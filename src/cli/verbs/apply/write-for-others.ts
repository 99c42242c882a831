/** Terraform's configuration for those who run Terraform themselves: plain JSON, a root module, without CDKTF's own notes. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fleet } from "../../../fleet/fleet.js";
import { writeFileAtomically } from "../../../ground/atomic-file.js";
import { printable } from "../../../ground/printable.js";
import { synthesisOf, writeConfiguration } from "../../../operator/fleet/terraform-part.js";
import { print, talk } from "../../../terminal/report.js";
import { openTemporaryFolder } from "../../../toolchain/temporary-folder.js";
import { vaultProvider } from "../../../toolchain/versions.js";

export async function writeForOthers(fleet: Fleet, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await using work = await openTemporaryFolder(folder);
  // Its own folder is where Terraform keeps the state, where the file names no backend.
  const dir = await writeConfiguration(synthesisOf(fleet, "ssh-trust.tfstate", vaultProvider.version), work.path);
  const plain = withoutNotes(JSON.parse(await readFile(join(dir, "cdk.tf.json"), "utf8")));
  const file = join(folder, "main.tf.json");
  await writeFileAtomically(file, `${JSON.stringify(plain, null, 2)}\n`, 0o644);
  print(printable(file));
  talk("a root module of Terraform or OpenTofu; VAULT_ADDR and VAULT_TOKEN say where it is applied");
  talk(
    "CA keys, connections to providers and the entry that clients read are not Terraform's: apply --without-terraform does the rest",
  );
}

/** CDKTF writes "//" beside what it makes. */
function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === "//" ? [] : [[key, withoutNotes(each)] as const])),
  );
}
