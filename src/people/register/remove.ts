/** Removing people: what they may do ends first, then what is left of them goes. */
import { fail } from "../../errors/catalogue.js";
import type { SignInMethod } from "../../fleet/fleet.js";
import type { StoredFleet } from "../../fleet/stored.js";
import type { VaultApi } from "../../vault/api.js";
import { endPerson, disablePerson } from "./end-person.js";
import { disableEntity, entityOf, listEntities, readEntity, type Entity } from "./entity.js";
import { groupNames, takeOutOfGroups } from "./groups.js";
import { checkPersonName } from "./names.js";
import { oneAtATime } from "./one-at-a-time.js";
import { placeOf, type Place } from "./place.js";
import { hasUser } from "./user.js";

export interface RemovedPerson {
  readonly name: string;
  readonly method: SignInMethod["method"];
  /** The fleet's groups that the person was in, by way of others too. */
  readonly groups: readonly string[];
  /** The id of the entity that is kept, disabled: without it, the person would be let in again at the next sign-in. */
  readonly kept: string | undefined;
  /** Other places where the same person signs in, and is refused now as well, such as "auth/oidc". */
  readonly alsoAt: readonly string[];
}

/** Whom a removal would be of, before it. */
export type PersonToRemove = Omit<RemovedPerson, "kept"> & {
  /** Whether the entity would be kept, disabled. */
  readonly isKept: boolean;
};

/** Looks, and changes nothing. @throws PERSON_NAME_INVALID, PERSON_UNKNOWN; what Vault refuses */
export async function personToRemove(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  method: SignInMethod,
): Promise<PersonToRemove> {
  const own = hasOwnPasswords(method);
  if (own) checkPersonName(name, { removing: true });
  const place = own ? await placeOf(api, stored) : undefined;
  const entity = place === undefined ? await entityElsewhere(api, name, method) : await entityOf(api, place, name);
  if (place !== undefined && entity === undefined) await requireUser(api, stored, place, name);
  const groups = await groupNames(api, stored.fleet, entity?.groups ?? []);
  const alsoAt = othersOf(entity, method.path);
  return { name, method: method.method, groups, alsoAt, isKept: !own || alsoAt.length > 0 };
}

/**
 * @param name as the person signs in
 * @param method of the fleet's. With passwords of the fleet's own, the name is free again then; of others, the entity stays disabled
 * @throws PERSON_NAME_INVALID, PERSON_UNKNOWN, PEOPLE_ARE_CHANGED; what Vault refuses
 */
export const removePerson = (api: VaultApi, stored: StoredFleet, name: string, method: SignInMethod): Promise<RemovedPerson> =>
  hasOwnPasswords(method) ? removeUser(api, stored, name) : disableOther(api, stored, name, method);

const hasOwnPasswords = ({ method, ours }: SignInMethod): boolean => method === "userpass" && ours;

async function removeUser(api: VaultApi, stored: StoredFleet, name: string): Promise<RemovedPerson> {
  checkPersonName(name, { removing: true });
  const place = await placeOf(api, stored);
  // Before anything that could fail, or that others are waited for.
  const entity = await disablePerson(api, place, name);
  if (entity === undefined) await requireUser(api, stored, place, name);
  const groups = await groupNames(api, stored.fleet, entity?.groups ?? []);
  const { kept } = await oneAtATime(api, (stillAlone) => endPerson(api, place, name, stillAlone));
  return { name, method: "userpass", groups, kept: kept ? entity?.id : undefined, alsoAt: othersOf(entity, place.mount) };
}

async function disableOther(api: VaultApi, stored: StoredFleet, name: string, method: SignInMethod): Promise<RemovedPerson> {
  const entity = await entityElsewhere(api, name, method);
  await disableEntity(api, entity.id);
  const groups = await groupNames(api, stored.fleet, entity.groups);
  await oneAtATime(api, (stillAlone) => takeOutOfGroups(api, stored.fleet, entity.id, stillAlone));
  return { name, method: method.method, groups, kept: entity.id, alsoAt: othersOf(entity, method.path) };
}

/** @throws PERSON_UNKNOWN */
async function requireUser(api: VaultApi, stored: StoredFleet, place: Place, name: string): Promise<void> {
  if (await hasUser(api, place, name)) return;
  throw fail("PERSON_UNKNOWN", { name, where: `auth/${place.mount}`, elsewhere: await otherMethodOf(api, stored, name) });
}

/** Of somebody without a password of the fleet's own. @throws PERSON_UNKNOWN */
async function entityElsewhere(api: VaultApi, name: string, { path }: SignInMethod): Promise<Entity> {
  const listed = (await listEntities(api)).find((each) => each.mount === path && each.name === name);
  const entity = listed === undefined ? undefined : await readEntity(api, listed.id);
  if (entity === undefined) throw fail("PERSON_UNKNOWN", { name, where: `auth/${path}`, elsewhere: "" });
  return entity;
}

const othersOf = (entity: Entity | undefined, mount: string): readonly string[] =>
  (entity?.aliases ?? []).map((each) => each.mount.replace(/\/$/, "")).filter((each) => each !== `auth/${mount}`);

/** A method of the fleet's by which somebody of that name signs in; "": there is none. */
async function otherMethodOf(api: VaultApi, { fleet }: StoredFleet, name: string): Promise<string> {
  const mounts = new Set((await listEntities(api)).filter((each) => each.name === name).map(({ mount }) => mount));
  return fleet.signIn.find(({ path }) => mounts.has(path))?.method ?? "";
}
