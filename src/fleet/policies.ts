/**
 * Vault's policies of a fleet, in their own language (HCL).
 * https://developer.hashicorp.com/vault/docs/concepts/policies
 */
import type { Fleet, HostGroup } from "./fleet.js";
import {
  fleetEntry,
  hostsMountOf,
  ownMethods,
  policyOf,
  reserveRoleOf,
  roleOf,
  secondFactor,
  signInRole,
  store,
} from "./vault-names.js";

type Capability = "create" | "read" | "update" | "patch" | "delete" | "list" | "sudo" | "deny";

interface Grant {
  readonly path: string;
  readonly may: readonly Capability[];
  /** Further lines, such as what a request may say. */
  readonly only?: readonly string[];
}

const policy = (why: string, grants: readonly Grant[]): string =>
  [`# ${why} Made by ssh-trust apply.`, ...grants.map(grantText)].join("\n") + "\n";

function grantText({ path, may, only = [] }: Grant): string {
  const capabilities = `capabilities = [${may.map((each) => `"${each}"`).join(", ")}]`;
  if (only.length === 0) return `path "${path}" { ${capabilities} }`;
  return [`path "${path}" {`, `  ${capabilities}`, ...only.map((line) => `  ${line}`), "}"].join("\n");
}

/** Everyone who is signed in: what a client must know. */
export const signedInPolicy = (): string =>
  policy("Whoever is signed in may read which hosts and rules there are.", [
    { path: `${store}/data/${fleetEntry}`, may: ["read"] },
  ]);

/** A group of people: certificates by each of its rules. */
export const peoplePolicy = (fleet: Fleet, group: string): string =>
  policy(`People of "${group}" may have certificates signed by these rules.`, [
    ...fleet.access
      .filter(({ who }) => who === group)
      .map((rule): Grant => ({ path: `${fleet.mounts.userCa}/sign/${roleOf(rule)}`, may: ["update"] })),
  ]);

/** The reserve of one rule, apart from it: it can be withdrawn alone. */
export const reservePolicy = ({ mounts }: Fleet, rule: { readonly name: string }): string =>
  policy(`The reserve of the rule "${rule.name}".`, [{ path: `${mounts.userCa}/sign/${reserveRoleOf(rule)}`, may: ["update"] }]);

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

/**
 * What `ssh-trust apply` itself needs: it can neither destroy a CA's mount nor read a secret. Still, who writes policies and
 * groups can give themselves whatever those grant.
 */
export function operatorPolicy(fleet: Fleet): string {
  const { hostCa, userCa } = fleet.mounts;
  const all: readonly Capability[] = ["create", "read", "update", "delete"];
  const kept: readonly Capability[] = ["create", "read", "update"];
  // Everything below ssh-trust/, so that a domain can be added without another policy first.
  const elsewhere = ownMethods(fleet).filter(({ path }) => !path.startsWith("ssh-trust/"));
  const existing = fleet.signIn.filter(({ ours, method }) => !ours && method !== "userpass");
  return policy("The operator applies the fleet file.", [
    { path: "sys/mounts", may: ["read"] },
    { path: "sys/auth", may: ["read"] },
    ...[hostCa, userCa, store].flatMap((mount): Grant[] => [
      { path: `sys/mounts/${mount}`, may: kept },
      { path: `sys/mounts/${mount}/tune`, may: ["read", "update"] },
    ]),
    ...[hostCa, userCa].flatMap((mount): Grant[] => [
      { path: `${mount}/roles`, may: ["list"] },
      { path: `${mount}/roles/+`, may: all },
      // Made inside Vault only: a key that somebody brings along is known to somebody. OpenBao takes another one at any time.
      {
        path: `${mount}/config/ca`,
        may: kept,
        only: ['allowed_parameters = { "generate_signing_key" = [true], "key_type" = ["ed25519"] }'],
      },
    ]),
    { path: `${store}/config`, may: kept },
    { path: `${store}/data/${fleetEntry}`, may: kept },
    { path: "sys/policies/acl/ssh-trust-*", may: all },
    { path: "sys/auth/ssh-trust/*", may: [...all, "sudo"] },
    { path: "sys/mounts/auth/ssh-trust/*", may: ["read", "update", "sudo"] },
    { path: "auth/ssh-trust/+/config", may: kept },
    { path: `auth/ssh-trust/+/role/${signInRole}`, may: all },
    ...elsewhere.flatMap(({ path }): Grant[] => [
      { path: `sys/auth/${path}`, may: [...all, "sudo"] },
      { path: `sys/auth/${path}/tune`, may: ["read", "update", "sudo"] },
      { path: `sys/mounts/auth/${path}/tune`, may: ["read", "update", "sudo"] },
      { path: `auth/${path}/config`, may: kept },
      { path: `auth/${path}/role/${signInRole}`, may: all },
    ]),
    ...existing.map(({ path }): Grant => ({ path: `sys/mounts/auth/${path}`, may: ["read"] })),
    { path: "identity/group", may: ["create", "update"] },
    { path: "identity/group/id/+", may: all },
    { path: "identity/group-alias", may: ["create", "update"] },
    { path: "identity/group-alias/id/+", may: all },
    { path: "identity/lookup/group", may: ["create", "update"] },
    { path: "identity/mfa/method/totp", may: ["create", "update"] },
    { path: "identity/mfa/method/totp/+", may: all },
    // The + is for a method's id, and would take these for one: they hand out, and end, people's second factors.
    ...["admin-generate", "admin-destroy", "generate"].map((which): Grant => ({
      path: `identity/mfa/method/totp/${which}`,
      may: ["deny"],
    })),
    { path: `identity/mfa/login-enforcement/${secondFactor}`, may: all },
    { path: "sys/quotas/rate-limit/ssh-trust-*", may: all },
  ]);
}

/** The host's name without its domain, as Vault fills it in. */
export const hostTemplate = (accessor: string): string => `{{identity.entity.aliases.${accessor}.metadata.role_name}}`;

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
  const groups = hosts.filter((group) => group.domain === domain).map(({ name }) => `"${policyOf.host(name)}"`);
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
        `  "token_policies" = [${groups.join(", ")}]`,
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
