/** A CA in Vault: a mount of the SSH secrets engine, its role, its key pair. */
import { fail } from "../errors/catalogue.js";
import type { SshRole } from "../roles.js";
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
  if (!(await vault.hasRole(role))) return [mount];
  return [mount, { to: "vault_ssh_secret_backend_role.role", id: `${role.mount}/roles/${role.name}` }];
}

async function hasMount(vault: VaultClient, { mount }: SshRole): Promise<boolean> {
  const type = await vault.mountType(mount);
  if (type !== undefined && type !== "ssh") throw fail("VAULT_MOUNT_CONFLICT", { mount, type, needed: "ssh" });
  return type === "ssh";
}
