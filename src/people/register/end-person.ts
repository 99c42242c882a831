/** How all that somebody with a password may do ends, and their name is free again. */
import type { VaultApi } from "../../vault/api.js";
import { deleteEntity, disableEntity, entityOf, type Entity } from "./entity.js";
import { takeOutOfGroups } from "./groups.js";
import type { Place } from "./place.js";
import { deleteUser, endSignIns } from "./user.js";

/**
 * The entity is what counts, and is disabled first: without the user alone, a live token would go on. Each step can be done again.
 * @returns whether the entity is kept, disabled: the same person signs in elsewhere, and would be let in again there
 */
export async function endPerson(
  api: VaultApi,
  place: Place,
  name: string,
  stillAlone: () => Promise<void>,
): Promise<{ readonly kept: boolean }> {
  const entity = await disablePerson(api, place, name);
  if (entity !== undefined) await takeOutOfGroups(api, place.fleet, entity.id, stillAlone);
  await deleteUser(api, place, name);
  await endSignIns(api, place, name);
  const last = await disablePerson(api, place, name); // whoever began to sign in just before has one now
  if (last === undefined) return { kept: false };
  const kept = last.aliases.length > 1;
  if (!kept) await deleteEntity(api, last.id);
  return { kept };
}

/** Acts at once. @returns undefined where there is no entity */
export async function disablePerson(api: VaultApi, place: Place, name: string): Promise<Entity | undefined> {
  const entity = await entityOf(api, place, name);
  if (entity !== undefined && !entity.disabled) await disableEntity(api, entity.id);
  return entity;
}
