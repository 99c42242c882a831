/** A CA in Vault: a mount of the SSH secrets engine, its role, its key pair. */
import { fail } from "../errors/catalogue.js";
import type { MachineTokens, SshRole } from "../roles.js";
import type { Adoption } from "../terraform/imports.js";
import type { VaultClient } from "../vault/vault-client.js";

/** Whether mount and role are there. @throws VAULT_MOUNT_CONFLICT */
export async function isCaApplied(vault: VaultClient, role: SshRole): Promise<boolean> {
  return (await hasMount(vault, role)) && (await vault.hasRole(role));
}

/** What Vault holds of a CA's stack already, in the provider's terms. @throws VAULT_MOUNT_CONFLICT */
export async function existingCa(vault: VaultClient, role: SshRole): Promise<readonly Adoption[]> {
  if (!(await hasMount(vault, role))) return [];
  const mount = { to: "vault_mount.mount", id: role.mount };
  return (await vault.hasRole(role)) ? [mount, roleAdoption(role)] : [mount];
}

const roleAdoption = ({ mount, name }: SshRole): Adoption => ({
  to: "vault_ssh_secret_backend_role.role",
  id: `${mount}/roles/${name}`,
});

/** What a stack of machines consists of, and where each part is found in Vault's API. */
const machinesParts = (role: SshRole, { name }: MachineTokens): readonly (Adoption & { readonly path: string })[] => [
  { ...roleAdoption(role), path: `${role.mount}/roles/${role.name}` },
  { to: "vault_policy.policy", id: name, path: `sys/policies/acl/${name}` },
  { to: "vault_token_auth_backend_role.tokens", id: name, path: `auth/token/roles/${name}` },
];

/** What Vault holds of it already. */
export async function existingMachines(vault: VaultClient, role: SshRole, tokens: MachineTokens): Promise<readonly Adoption[]> {
  const parts = machinesParts(role, tokens);
  const found = await Promise.all(parts.map(({ path }) => vault.has(path)));
  return parts.filter((_part, index) => found[index]).map(({ to, id }) => ({ to, id }));
}

/** Whether machines have their role, their policy and their token role. */
export async function areMachinesApplied(vault: VaultClient, role: SshRole, tokens: MachineTokens): Promise<boolean> {
  return (await existingMachines(vault, role, tokens)).length === machinesParts(role, tokens).length;
}

async function hasMount(vault: VaultClient, { mount }: SshRole): Promise<boolean> {
  const type = await vault.mountType(mount);
  if (type !== undefined && type !== "ssh") throw fail("VAULT_MOUNT_CONFLICT", { mount, type, needed: "ssh" });
  return type === "ssh";
}
