/** What it takes to add and remove hosts. */
import type { Fleet } from "../fleet.js";
import { fleetEntry, hostsMountOf, policyOf, store } from "../vault-names.js";
import { policy, type Grant } from "./grant.js";

/**
 * Whoever adds and removes hosts: AppRoles with the policy of a group of hosts and no other, secret ids that are handed over
 * wrapped only, and the hosts' entries. Neither policies nor what an entity may do.
 */
export const registrarPolicy = (fleet: Fleet): string =>
  policy("The registrar adds and removes hosts.", [
    { path: `${store}/data/${fleetEntry}`, may: ["read"] },
    { path: `${store}/data/hosts/+`, may: ["read"] },
    { path: `${store}/metadata/hosts`, may: ["list"] },
    { path: `${store}/metadata/hosts/+`, may: ["read", "delete"] },
    { path: `${store}/data/uncertified/+`, may: ["create", "read", "update"] },
    { path: `${store}/metadata/uncertified`, may: ["list"] },
    { path: `${store}/metadata/uncertified/+`, may: ["read", "delete"] },
    { path: "identity/lookup/entity", may: ["update"] },
    // Vault takes "" for a list of nothing, all of which is allowed, and then for false.
    {
      path: "identity/entity/id/+",
      may: ["read", "update"],
      only: ['allowed_parameters = { "disabled" = [true] }', 'denied_parameters = { "disabled" = [""] }'],
    },
    ...fleet.domains.flatMap((domain) => registrarAt(fleet, domain)),
  ]);

function registrarAt({ hosts }: Fleet, domain: string): Grant[] {
  const groups = hosts.filter((group) => group.domain === domain).map(({ name }) => policyOf.host(name));
  const at = `auth/${hostsMountOf(domain)}/role`;
  const free = [
    "secret_id_bound_cidrs",
    "secret_id_num_uses",
    "secret_id_ttl",
    "token_bound_cidrs",
    "token_max_ttl",
    "token_ttl",
  ];
  if (groups.length === 0) return [];
  return [
    { path: at, may: ["list"] },
    {
      path: `${at}/+`,
      may: ["create", "read", "update", "delete"],
      only: [
        "allowed_parameters = {",
        `  "token_policies" = [${[...groups, policyOf.keptOut].map((name) => `"${name}"`).join(", ")}]`,
        ...free.map((name) => `  "${name}" = []`),
        "}",
      ],
    },
    { path: `${at}/+/role-id`, may: ["read"] },
    // The list is wrapped as well: Vault holds both to the same line, whether or not there is one for the list.
    { path: `${at}/+/secret-id`, may: ["update", "list"], only: ['min_wrapping_ttl = "1s"', 'max_wrapping_ttl = "24h"'] },
    { path: `${at}/+/secret-id-accessor/lookup`, may: ["update"] },
    { path: `${at}/+/secret-id-accessor/destroy`, may: ["update"] },
  ];
}
