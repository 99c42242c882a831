/** The tutorial's two CAs: mount and role by Terraform, the key pair by Vault's API, the client's trust in a file. */
import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { applyStack, describeApplied, type Operator } from "../../src/operator/apply-stack.js";
import { existingCa, isCaApplied } from "../../src/operator/ssh-ca.js";
import type { SshRole, Stacks } from "../../src/roles.js";
import { certAuthorityLine } from "../../src/ssh/known-hosts.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import type { Lab } from "../lab.js";
import { hostRole, stacksContext } from "../roles.js";
import { folderOfServer, type LabSettings } from "../settings/lab.js";
import { hostName } from "../story.js";
import { cliConfigOf, recordedToolchain } from "../toolchain/record.js";

/** Whether mount and role are there. @throws VAULT_MOUNT_CONFLICT */
export const isApplied = (lab: Lab, role: SshRole): Promise<boolean> => isCaApplied(lab.vault, role);

/**
 * Terraform's folder. A server that is not the lab's own has one to itself: its state says what is this project's there.
 */
export const terraformDir = (settings: LabSettings): string => folderOfServer(settings, "terraform", "terraform-of");

type Context = Omit<Stacks, "protect">;

/**
 * Makes mount and role what they should be. On the lab's own server, what is there is taken over; on another, only what
 * this project made before, or all if the person said so: it may be in use.
 * @param context the stacks that there are, where it is none of the story's
 * @throws VAULT_NOT_OURS, TERRAFORM_FAILED, …
 */
export async function applyRole(lab: Lab, role: SshRole, context: Context = stacksContext): Promise<void> {
  const stack = { name: role.mount, existing: () => existingCa(lab.vault, role) };
  const applied = await applyStack(await operatorOf(lab, context), stack);
  lab.progress.say(`mount and role ${role.mount}: ${describeApplied(applied)}`);
}

async function operatorOf({ settings, progress, adopt, signal }: Lab, context: Context): Promise<Operator> {
  const { terraform } = await recordedToolchain(settings);
  const { vault } = settings;
  return {
    vault,
    terraform,
    cliConfig: cliConfigOf(settings),
    outDir: terraformDir(settings),
    // The lab may throw its mounts away; anyone else's hold signing keys that cannot be had again.
    stacks: { ...context, protect: vault.external },
    mayAdopt: adopt || !vault.external,
    progress,
    signal,
  };
}

export async function isGenerated(lab: Lab, role: SshRole): Promise<boolean> {
  return (await lab.vault.caPublicKey(role.mount)) !== undefined;
}

export async function generateSigningKey(lab: Lab, role: SshRole): Promise<void> {
  const { publicKey, made } = await lab.vault.ensureCa(role);
  const { fingerprint, kind } = parsePublicKey(publicKey);
  const what = made ? "made inside Vault" : "was there already and stays";
  lab.progress.say(`${role.certificates} CA (${role.mount}): ${kind} ${fingerprint} ${what}`);
}

/** Whether the lab's known_hosts is what createKnownHosts would write. */
export async function trustsCurrentCa(lab: Lab): Promise<boolean> {
  const key = await lab.vault.caPublicKey(hostRole.mount);
  const there = await readFile(lab.settings.knownHosts, "utf8").catch(() => "");
  return key !== undefined && there === knownHosts(key);
}

export async function createKnownHosts(lab: Lab): Promise<void> {
  const key = await lab.vault.requireCaPublicKey(hostRole.mount);
  await writeFileAtomically(lab.settings.knownHosts, knownHosts(key), 0o644);
  const { fingerprint } = parsePublicKey(key);
  lab.progress.say(`./${lab.names.knownHosts}: hosts named ${hostName} are trusted with a certificate by ${fingerprint}`);
}

const knownHosts = (caKey: string) => `${certAuthorityLine([hostName], caKey)}\n`;
