/** What stops an apply before anything is changed. */
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { reserveRoleOf, roleOf } from "../../fleet/vault-names.js";
import type { Known } from "../../terraform/state.js";
import type { VaultApi } from "../../vault/api.js";

/**
 * A role that the fleet did not make could sign for any host or account, whoever made it.
 * @param known what Terraform's state knows: roles that the file had before go with this apply
 * @throws FLEET_FOREIGN_ROLE
 */
export async function refuseForeignRoles(api: VaultApi, { mounts, hosts, access }: Fleet, known: Known): Promise<void> {
  const before = [...known].flatMap(([address, role]) => (address.startsWith("vault_ssh_secret_backend_role.") ? [role] : []));
  const ours = [
    { mount: mounts.hostCa, names: hosts.map(({ name }) => name) },
    {
      mount: mounts.userCa,
      names: access.flatMap((rule) => [roleOf(rule), ...(rule.reserve === undefined ? [] : [reserveRoleOf(rule)])]),
    },
  ];
  for (const { mount, names } of ours) {
    const made = new Set<unknown>([...names, ...before.filter(({ backend }) => backend === mount).map(({ name }) => name)]);
    const foreign = (await api.list(`${mount}/roles`)).filter((role) => !made.has(role));
    if (foreign.length === 0) continue;
    const typed = (does: string) => foreign.map((role) => `vault ${does} ${mount}/roles/${role}`).join("; ");
    throw fail("FLEET_FOREIGN_ROLE", { mount, roles: foreign.join(", "), look: typed("read"), remove: typed("delete") });
  }
}

/**
 * A mount of another name would be another CA, with another key.
 * @param before what the last apply wrote to the entry
 * @throws FLEET_MOUNT_MOVED
 */
export function refuseMovedMounts({ mounts }: Pick<Fleet, "mounts">, known: Known, before: Fleet["mounts"] | undefined): void {
  const keys = [
    { key: "host-ca", to: mounts.hostCa, applied: before?.hostCa },
    { key: "user-ca", to: mounts.userCa, applied: before?.userCa },
  ];
  for (const { key, to, applied } of keys) {
    const from = known.get(`vault_mount.${key}`)?.["path"] ?? applied;
    if (typeof from === "string" && from !== to) throw fail("FLEET_MOUNT_MOVED", { key, from, to });
  }
}

/**
 * A way to sign in that is mounted elsewhere, or left to Vault, would take its people with it: Terraform would destroy the mount.
 * @throws FLEET_METHOD_MOVED
 */
export function refuseMovedMethods({ signIn }: Pick<Fleet, "signIn">, known: Known): void {
  for (const { method, path, ours } of signIn) {
    const from = known.get(`vault_auth_backend.sign-in_${method}`)?.["path"];
    if (typeof from === "string" && (from !== path || !ours)) throw fail("FLEET_METHOD_MOVED", { method, from });
  }
}
