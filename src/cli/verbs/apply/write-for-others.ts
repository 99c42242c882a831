/** Terraform's configuration for those who run Terraform themselves: plain JSON, a root module, without CDKTF's own notes. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../../errors/catalogue.js";
import type { Fleet } from "../../../fleet/fleet.js";
import { fleetFileName } from "../../../fleet/read-fleet-file.js";
import { writeFileAtomically } from "../../../ground/atomic-file.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { systemCode } from "../../../ground/system-error.js";
import { synthesisOf, writeConfiguration } from "../../../operator/fleet/terraform-part.js";
import { programName } from "../../../settings/program.js";
import { exportFor, readFleetVaultSettings } from "../../../settings/fleet-vault.js";
import { print, talk } from "../../../terminal/report.js";
import { openTemporaryFolder } from "../../../toolchain/temporary-folder.js";
import { vaultProvider } from "../../../toolchain/versions.js";
import type { ApplyOptions } from "./options.js";

const mainFile = "main.tf.json";
/** Says in the file that it may be written anew. */
const ours = "written by ssh-trust apply --synth; the fleet file is what to change";

/** @throws FLEET_SYNTH_TAKEN, and as readFleetVaultSettings: Terraform goes where these variables say */
export async function writeForOthers(
  file: Fleet,
  folder: string,
  { file: name, vault }: Pick<ApplyOptions, "file" | "vault">,
): Promise<void> {
  const { namespace } = readFleetVaultSettings({ ...file, file: name }, vault);
  const fleet = { ...file, namespace };
  const main = join(folder, mainFile);
  await refuseForeign(folder);
  await mkdir(folder, { recursive: true });
  await using work = await openTemporaryFolder(folder);
  // Its own folder is where Terraform keeps the state, where the file names no backend.
  const dir = await writeConfiguration(synthesisOf(fleet, "ssh-trust.tfstate", vaultProvider.version), work.path);
  const plain = withoutNotes(JSON.parse(await readFile(join(dir, "cdk.tf.json"), "utf8"))) as object;
  await writeFileAtomically(main, `${JSON.stringify({ "//": ours, ...plain }, null, 2)}\n`, 0o644);
  print(printable(main));
  const server = exportFor(fleet, vault);
  talk(
    `a root module of Terraform or OpenTofu; VAULT_ADDR and VAULT_TOKEN say where it is applied${server === undefined ? "" : `: ${server}`}`,
  );
  const rest = [
    `${programName()} apply --without-terraform`,
    ...(name === fleetFileName ? [] : ["--file", shellWord(name)]),
    ...(vault === undefined ? [] : ["--vault", shellWord(vault)]),
  ];
  talk("CA keys, connections to providers and the entry that clients read are not");
  talk("Terraform's; once it has applied this, they are made by:");
  talk(`  ${rest.join(" ")}`);
}

/** Somebody's own root module is neither written over nor added to: Terraform reads all that is in a folder. */
async function refuseForeign(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((each) => /\.(tf|tofu)(\.json)?$/.test(each))) {
    const file = join(folder, name);
    const isOurs = name === mainFile && (await readFile(file, "utf8")).includes(JSON.stringify(ours));
    if (!isOurs) throw fail("FLEET_SYNTH_TAKEN", { file: printable(file) });
  }
}

/** CDKTF writes "//" beside what it makes. */
function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === "//" ? [] : [[key, withoutNotes(each)] as const])),
  );
}
