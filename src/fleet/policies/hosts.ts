/** What hosts may do in Vault. */
import type { Fleet, HostGroup } from "../fleet.js";
import { hostsMountOf, policyOf, store } from "../vault-names.js";
import { policy } from "./grant.js";

/** No parameter at all: a life, a use count or addresses of the host's own choice would outlive or widen what it was given. */
const asTheRoleSays = ['denied_parameters = { "*" = [] }'];

/**
 * A group of hosts. What stands for the host is a template, which Vault fills from the AppRole that the host signed in with.
 * @param accessor the accessor of the mount that hosts of the group's domain sign in at
 */
export function hostPolicy({ mounts }: Fleet, group: HostGroup, accessor: string): string {
  const host = hostTemplate(accessor);
  const own = `auth/${hostsMountOf(group.domain)}/role/${host}`;
  return policy(`A host of "${group.name}": its own names and its own entry.`, [
    { path: `${mounts.hostCa}/sign/${group.name}`, may: ["update"] },
    { path: `${store}/data/hosts/${host}.${group.domain}`, may: ["create", "update"] },
    { path: `${own}/secret-id`, may: ["update"], only: asTheRoleSays },
    { path: `${own}/secret-id-accessor/destroy`, may: ["update"] },
    { path: `${own}/secret-id/destroy`, may: ["update"] },
  ]);
}

/**
 * What the AppRole of a host that enrols itself is, word for word as ssh-trust-host.sh asks for it: Vault holds it to each of these, and
 * to no more. Its secret ids live for a week, as the longest certificates do: it can have others by its token at any time.
 */
const enrolParameters = ({ name }: Pick<HostGroup, "name">) => ({
  token_policies: policyOf.host(name),
  secret_id_ttl: "168h",
  token_max_ttl: "24h",
});

/**
 * A machine that signs in with a token of its platform: it may make the AppRole that is called as the token says, and have a secret id of
 * it. One that is there it may not change: of a host that is kept out, there is one with no rights. Whatever a claim holds, it reaches no host of another group: it begins as the group's names do, and no path leads from there to
 * others. (Vault 1.21 takes a comma in a claim for two names where it fills in a role's allowed names, but has no such path; it takes
 * a * for a wildcard here, so who chooses a claim's text could be any host of the group, as by its name.)
 * @param accessor the accessor of the JWT mount
 */
export function enrolPolicy(group: HostGroup, accessor: string): string {
  const own = `auth/${hostsMountOf(group.domain)}/role/{{identity.entity.aliases.${accessor}.name}}`;
  const parameters = Object.entries(enrolParameters(group));
  return policy(`A machine of "${group.name}" that enrols itself: its own identity.`, [
    {
      path: own,
      may: ["create"],
      only: [
        "allowed_parameters = {",
        ...parameters.map(([name, value]) => `  "${name}" = ["${value}"]`),
        "}",
        `required_parameters = [${parameters.map(([name]) => `"${name}"`).join(", ")}]`,
      ],
    },
    { path: `${own}/role-id`, may: ["read"] },
    { path: `${own}/secret-id`, may: ["update"], only: asTheRoleSays },
  ]);
}

/** The host's name without its domain, as Vault fills it in. */
export const hostTemplate = (accessor: string): string => `{{identity.entity.aliases.${accessor}.metadata.role_name}}`;
