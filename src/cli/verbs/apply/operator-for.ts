/** What an apply works with: the server, the programs, the folders, the secrets. */
import { dirname, join, resolve } from "node:path";
import type { Fleet } from "../../../fleet/fleet.js";
import { writeFileAtomically } from "../../../ground/atomic-file.js";
import { makeFolder } from "../../../ground/make-folder.js";
import { readCertificates } from "../../../operator/fleet/certificates.js";
import type { Secrets } from "../../../operator/fleet/connections.js";
import { placesBeside, type FleetOperator } from "../../../operator/fleet/operator.js";
import { readFleetVaultSettings } from "../../../settings/fleet-vault.js";
import { readToolchainSettings } from "../../../settings/toolchain.js";
import { terminalProgress } from "../../../terminal/report.js";
import { renderCliConfig } from "../../../toolchain/cli-config.js";
import { resolveProvider } from "../../../toolchain/provider.js";
import { resolveTerraform } from "../../../toolchain/terraform.js";
import { vaultProvider } from "../../../toolchain/versions.js";
import { requireToken } from "../../../vault/token.js";
import { readSecret } from "../../read-secret.js";
import type { ApplyOptions } from "./options.js";

export async function operatorFor(file: Fleet, options: ApplyOptions, signal: AbortSignal): Promise<FleetOperator> {
  const vault = readFleetVaultSettings({ file: options.file, ...file }, options.vault);
  requireToken(vault); // before programs are fetched, which may take minutes
  const places = placesBeside(resolve(options.file));
  const progress = terminalProgress();
  return {
    // What clients are told has the namespace, wherever it was said.
    fleet: { ...file, namespace: vault.namespace },
    vault,
    places,
    terraform: options.withoutTerraform === true ? undefined : await terraformIn(places.work, progress),
    mayAdopt: options.adopt === true,
    secrets: { ...secretsOf(options), certificates: certificatesFrom(options.file) },
    progress,
    signal,
  };
}

/** Found first, fetched second. */
async function terraformIn(work: string, progress: FleetOperator["progress"]) {
  const settings = readToolchainSettings();
  const terraform = await resolveTerraform(settings, progress);
  const { mirror } = await resolveProvider(settings, progress, terraform);
  await makeFolder(work, 0o700);
  const cliConfig = join(work, "terraform.rc");
  await writeFileAtomically(cliConfig, renderCliConfig(mirror), 0o644);
  return { binary: terraform.binary, cliConfig, provider: vaultProvider.version };
}

function secretsOf({ oidcSecretFile, ldapPasswordFile }: ApplyOptions): Secrets {
  const from = (file: string) => () => readSecret(file);
  return {
    ...(oidcSecretFile === undefined ? {} : { oidcSecret: from(oidcSecretFile) }),
    ...(ldapPasswordFile === undefined ? {} : { ldapPassword: from(ldapPasswordFile) }),
  };
}

/** A file that the fleet file names is looked for from the fleet file. */
const certificatesFrom = (fleetFile: string) => (file: string, key: string) =>
  readCertificates(resolve(dirname(fleetFile), file), key);
