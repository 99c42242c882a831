/** What people may do in Vault. */
import type { Fleet } from "../fleet.js";
import { fleetEntry, reserveRoleOf, roleOf, store } from "../vault-names.js";
import { policy, type Grant } from "./grant.js";

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
