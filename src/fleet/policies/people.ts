/** What people may do in Vault. */
import type { Fleet } from "../fleet.js";
import { directoryTokenPath, fleetEntry, reserveRoleOf, roleOf, store, userpassOf } from "../vault-names.js";
import { policy, type Grant } from "./grant.js";

/**
 * Everyone who is signed in: what a client must know, their own token, and the password of those who sign in with one here.
 * @param accessor the accessor of the fleet's userpass mount; undefined where it has none. Users' names there have no *, which Vault would
 *   take for a wildcard
 */
export const signedInPolicy = (fleet: Fleet, accessor: string | undefined): string =>
  policy("Whoever is signed in may read which hosts and rules there are, and look after their own sign-in.", [
    { path: `${store}/data/${fleetEntry}`, may: ["read"] },
    // Vault's policy "default" has these three as well, but a token need not have that one.
    { path: "auth/token/lookup-self", may: ["read"] },
    { path: "auth/token/renew-self", may: ["update"] },
    { path: "auth/token/revoke-self", may: ["update"] },
    ...(fleet.directory === undefined ? [] : [{ path: directoryTokenPath, may: ["read"] } as const]),
    ...ownPassword(userpassOf(fleet)?.path, accessor),
  ]);

const ownPassword = (path: string | undefined, accessor: string | undefined): readonly Grant[] =>
  path === undefined || accessor === undefined
    ? []
    : [
        {
          path: `auth/${path}/users/{{identity.entity.aliases.${accessor}.name}}/password`,
          may: ["update"],
          only: ['allowed_parameters = { "password" = [] }'],
        },
      ];

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
