/** The two CAs in Vault: mount and role by Terraform, the key pair by Vault's API, the client's trust in a file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { fail } from "../../src/errors/catalogue.js";
import { cloudRole, cloudTokens, hostRole, type SshRole } from "../../src/roles.js";
import { lab as names, type Settings } from "../../src/settings.js";
import { certAuthorityLine } from "../../src/ssh/known-hosts.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { apply, type Adoption } from "../../src/terraform/apply.js";
import { synthesise } from "../../src/terraform/synth.js";
import { requireToken } from "../../src/vault/token.js";
import type { Lab } from "../lab.js";
import { cliConfigOf, recordedToolchain } from "../toolchain/record.js";

/** Whether mount and role are there. @throws VAULT_MOUNT_CONFLICT */
export async function isApplied(lab: Lab, role: SshRole): Promise<boolean> {
  return (await checkMount(lab, role)) && (await lab.vault.hasRole(role));
}

/**
 * Terraform's folder. A server that is not the lab's own has one to itself: its state says what is this project's there.
 */
export function terraformDir({ labDir, vault }: Settings): string {
  if (!vault.external) return join(labDir, "terraform");
  const server = [new URL(vault.address).host, ...(vault.namespace === undefined ? [] : [vault.namespace])]
    .join("_")
    .replace(/[^A-Za-z0-9.-]+/g, "_");
  return join(labDir, "terraform-of", server);
}

/**
 * Makes mount and role what they should be. On the lab's own server, what is there is taken over; on another, only what
 * this project made before, or all if the person said so: it may be in use.
 * @throws VAULT_NOT_OURS, TERRAFORM_FAILED, …
 */
export function applyRole(lab: Lab, role: SshRole): Promise<void> {
  return applyStack(lab, role.mount, `mount and role ${role.mount}`, () => existing(lab, role));
}

const cloudParts = [
  { to: "vault_ssh_secret_backend_role.role", id: `${cloudRole.mount}/roles/${cloudRole.name}`, path: undefined },
  { to: "vault_policy.policy", id: cloudTokens.name, path: `sys/policies/acl/${cloudTokens.name}` },
  { to: "vault_token_auth_backend_role.tokens", id: cloudTokens.name, path: `auth/token/roles/${cloudTokens.name}` },
];

/** Which of what the cloud's machines need is in Vault. */
async function cloudPartsThere(lab: Lab): Promise<Adoption[]> {
  const found = await Promise.all(cloudParts.map(({ id, path }) => lab.vault.has(path ?? id)));
  return cloudParts.filter((_part, index) => found[index]).map(({ to, id }) => ({ to, id }));
}

/** Whether the machines of the cloud have their role, their policy and their token role. */
export async function isCloudApplied(lab: Lab): Promise<boolean> {
  return (await cloudPartsThere(lab)).length === cloudParts.length;
}

/** Makes the role of the cloud's machines, and what their tokens may do. @throws as applyRole */
export function applyCloudHosts(lab: Lab): Promise<void> {
  return applyStack(lab, "cloud-hosts", `role ${cloudRole.name} and its tokens`, () => cloudPartsThere(lab));
}

async function applyStack(lab: Lab, stack: string, what: string, existing: () => Promise<Adoption[]>): Promise<void> {
  const { settings, progress } = lab;
  const { terraform } = await recordedToolchain(settings);
  const outDir = terraformDir(settings);
  const result = await progress.during(`${terraform.name} applies the stack ${stack}`, async (detail) => {
    detail("synth");
    const [there] = await Promise.all([existing(), synthesise(settings.root, outDir, { lab: !settings.vault.external })]);
    detail("apply");
    const { address, namespace } = settings.vault;
    const token = requireToken(settings.vault);
    return apply(
      { binary: terraform.binary, cliConfig: cliConfigOf(settings), vault: { address, token, namespace } },
      join(outDir, "stacks", stack),
      { there, mayAdopt: lab.adopt || !settings.vault.external },
    );
  });
  const { added, changed, destroyed, imported } = result;
  const counts = Object.entries({ added, changed, destroyed, "taken over": imported }).filter(([, count]) => count > 0);
  const summary = counts.map(([word, count]) => `${String(count)} ${word}`).join(", ");
  progress.say(`${what}: ${summary === "" ? "nothing to change" : summary}`);
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

/** Whether ./known_hosts is what createKnownHosts would write. */
export async function trustsCurrentCa(lab: Lab): Promise<boolean> {
  const key = await lab.vault.caPublicKey(hostRole.mount);
  const there = await readFile(lab.settings.knownHosts, "utf8").catch(() => "");
  return key !== undefined && there === knownHosts(key);
}

export async function createKnownHosts(lab: Lab): Promise<void> {
  const key = await lab.vault.caPublicKey(hostRole.mount);
  if (key === undefined) throw fail("CA_NOT_GENERATED", { mount: hostRole.mount, task: hostRole.tasks.generate });
  await writeFileAtomically(lab.settings.knownHosts, knownHosts(key), 0o644);
  lab.progress.say(
    `./known_hosts: hosts named ${names.hostName} are trusted with a certificate by ${parsePublicKey(key).fingerprint}`,
  );
}

const knownHosts = (caKey: string) => `${certAuthorityLine([names.hostName], caKey)}\n`;

async function checkMount(lab: Lab, role: SshRole): Promise<boolean> {
  const type = await lab.vault.mountType(role.mount);
  if (type !== undefined && type !== "ssh") throw fail("VAULT_MOUNT_CONFLICT", { mount: role.mount, type });
  return type === "ssh";
}

/** What Vault holds of the stack already, in the provider's terms. */
async function existing(lab: Lab, role: SshRole): Promise<Adoption[]> {
  if (!(await checkMount(lab, role))) return [];
  const mount = { to: "vault_mount.mount", id: role.mount };
  const roleThere = await lab.vault.hasRole(role);
  return roleThere ? [mount, { to: "vault_ssh_secret_backend_role.role", id: `${role.mount}/roles/${role.name}` }] : [mount];
}
