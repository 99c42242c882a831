/** What it takes to invite and remove people. */
import type { Fleet, UserpassMethod } from "../fleet.js";
import { fleetEntry, groupOf, peopleClaimEntry, secondFactor, store, userpassOf } from "../vault-names.js";
import { policy, type Grant } from "./grant.js";

/** How long an invitation can be used at most. */
const longestInvitation = "24h";
const wrappedOnly = ['min_wrapping_ttl = "1s"', `max_wrapping_ttl = "${longestInvitation}"`];
const onlyPassword = ['allowed_parameters = { "password" = [] }'];

/**
 * Whoever invites and removes people: who is in the fleet's groups of people, users without any policy of their own, second factors that
 * are handed over wrapped only. Neither policies, nor aliases, nor other groups: with an alias, it could be anybody.
 */
export const peopleRegistrarPolicy = (fleet: Fleet): string =>
  policy("The people registrar invites and removes people.", [
    { path: `${store}/data/${fleetEntry}`, may: ["read"] },
    { path: `${store}/data/${peopleClaimEntry}`, may: ["create", "read", "update"] },
    { path: `${store}/metadata/${peopleClaimEntry}`, may: ["delete"] },
    { path: "identity/lookup/entity", may: ["update"] },
    { path: "identity/entity/id", may: ["list"] },
    // As the registrar: Vault takes "" for a list of nothing, all of which is allowed, and then for false.
    {
      path: "identity/entity/id/+",
      may: ["read", "update", "delete"],
      only: ['allowed_parameters = { "disabled" = [true] }', 'denied_parameters = { "disabled" = [""] }'],
    },
    ...fleet.people.map(({ name }): Grant => ({
      path: `identity/group/name/${groupOf(name)}`,
      may: ["read", "update"],
      only: ['allowed_parameters = { "member_entity_ids" = [] }'],
    })),
    ...usersAt(userpassOf(fleet)),
  ]);

function usersAt(method: UserpassMethod | undefined): readonly Grant[] {
  if (method === undefined) return [];
  const at = `auth/${method.path}`;
  const factor = ['allowed_parameters = { "method_id" = [], "entity_id" = [] }'];
  return [
    { path: `${at}/users`, may: ["list"] },
    // Not "update": a user that is there is never overwritten.
    { path: `${at}/users/+`, may: ["create", "read", "delete"], only: onlyPassword },
    { path: `${at}/users/+/password`, may: ["update"], only: onlyPassword },
    { path: `sys/leases/revoke-prefix/${at}/login/+`, may: ["update", "sudo"] },
    // After five wrong passwords, a new one is not taken either.
    { path: "sys/locked-users/+/unlock/+", may: ["update"] },
    { path: `identity/mfa/login-enforcement/${secondFactor}`, may: ["read"] },
    { path: "identity/mfa/method/totp/admin-generate", may: ["update"], only: [...factor, ...wrappedOnly] },
    { path: "identity/mfa/method/totp/admin-destroy", may: ["update"], only: factor },
    { path: "sys/wrapping/wrap", may: ["update"], only: wrappedOnly },
  ];
}
