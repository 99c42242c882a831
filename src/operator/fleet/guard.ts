/** What stops an apply before anything is changed. */
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import type { Known } from "../../terraform/state.js";
import type { VaultApi } from "../../vault/api.js";
import { referencesIn, type Configured } from "./configured.js";

/**
 * A role that the fleet did not make could sign for any host or account, whoever made it.
 * @throws FLEET_FOREIGN_ROLE
 */
export async function refuseForeignRoles(
  api: VaultApi,
  { mounts }: Pick<Fleet, "mounts">,
  ours: Configured,
  known: Known,
): Promise<void> {
  const type = "vault_ssh_secret_backend_role";
  const made = [
    ...ours.resources.filter((each) => each.type === type).map(({ attributes }) => referencesIn(ours, attributes)),
    ...[...known].filter(([address]) => address.startsWith(`${type}.`)).map(([, attributes]) => attributes),
  ];
  for (const mount of [mounts.hostCa, mounts.userCa]) {
    const names = new Set(made.filter(({ backend }) => backend === mount).map(({ name }) => name));
    const foreign = (await api.list(`${mount}/roles`)).filter((role) => !names.has(role));
    const [first] = foreign;
    if (first !== undefined) throw fail("FLEET_FOREIGN_ROLE", { mount, roles: foreign.join(", "), first });
  }
}

/** A mount of another name would be another CA, with another key. @throws FLEET_MOUNT_MOVED */
export function refuseMovedMounts({ mounts }: Pick<Fleet, "mounts">, known: Known): void {
  const keys = [
    { key: "host-ca", to: mounts.hostCa },
    { key: "user-ca", to: mounts.userCa },
  ];
  for (const { key, to } of keys) {
    const from = known.get(`vault_mount.${key}`)?.["path"];
    if (typeof from === "string" && from !== to) throw fail("FLEET_MOUNT_MOVED", { key, from, to });
  }
}
