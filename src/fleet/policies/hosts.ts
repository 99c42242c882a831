/** What hosts may do in Vault. */
import type { Fleet, HostGroup } from "../fleet.js";
import { hostsMountOf, store } from "../vault-names.js";
import { policy } from "./grant.js";

/**
 * A group of hosts. What stands for the host is a template, which Vault fills from the AppRole that the host signed in with.
 * @param accessor the accessor of the mount that hosts of the group's domain sign in at
 */
export function hostPolicy({ mounts }: Fleet, group: HostGroup, accessor: string): string {
  const host = hostTemplate(accessor);
  const own = `auth/${hostsMountOf(group.domain)}/role/${host}`;
  // No parameter at all: a life, a use count or addresses of the host's own choice would outlive or widen what it was given.
  const asTheRoleSays = ['denied_parameters = { "*" = [] }'];
  return policy(`A host of "${group.name}": its own names and its own entry.`, [
    { path: `${mounts.hostCa}/sign/${group.name}`, may: ["update"] },
    { path: `${store}/data/hosts/${host}.${group.domain}`, may: ["create", "update"] },
    { path: `${own}/secret-id`, may: ["update"], only: asTheRoleSays },
    { path: `${own}/secret-id-accessor/destroy`, may: ["update"] },
    { path: `${own}/secret-id/destroy`, may: ["update"] },
  ]);
}

/** The host's name without its domain, as Vault fills it in. */
export const hostTemplate = (accessor: string): string => `{{identity.entity.aliases.${accessor}.metadata.role_name}}`;
