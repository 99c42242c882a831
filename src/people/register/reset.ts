/** Letting somebody begin anew who lost the phone, the password or the invitation. */
import { fail, isFailure, SshTrustError } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import type { VaultApi } from "../../vault/api.js";
import type { Invitation } from "../invitation.js";
import { endFactor, entityOf, type Entity } from "./entity.js";
import { groupNames } from "./groups.js";
import { giveInvitation, type InviteOptions } from "./invite.js";
import { checkGroups, checkPersonName } from "./names.js";
import { oneAtATime } from "./one-at-a-time.js";
import { placeOf, requireFactor, type Place } from "./place.js";
import { endSignIns, hasUser, randomPassword, setPassword, unlock } from "./user.js";

/** Looks, and changes nothing. @returns the groups that the person is in. @throws as resetPerson, but for changes meanwhile */
export async function groupsOfResettable(api: VaultApi, stored: StoredFleet, name: string): Promise<readonly string[]> {
  checkPersonName(name);
  const entity = await requireResettable(api, await placeOf(api, stored), name);
  return groupNames(api, stored.fleet, entity?.groups ?? []);
}

/**
 * Ends somebody's second factor, password and sign-ins, and makes a new invitation. Groups are kept; those that are named are added, so that
 * somebody is complete whose adding ended half-way.
 * @throws PERSON_NAME_INVALID, PEOPLE_GROUP_UNKNOWN, PEOPLE_GROUP_MISSING, PEOPLE_WITHOUT_PASSWORDS, PEOPLE_SECOND_FACTOR_MISSING, PERSON_UNKNOWN,
 *   PERSON_DISABLED, PERSON_CHANGED, PEOPLE_ARE_CHANGED; what Vault refuses, what `handOver` throws
 */
export async function resetPerson(api: VaultApi, stored: StoredFleet, name: string, options: InviteOptions): Promise<Invitation> {
  checkPersonName(name);
  checkGroups(stored.fleet, options.groups);
  const place = await placeOf(api, stored);
  const factor = await requireFactor(api, place);
  return oneAtATime(api, async (stillAlone) => {
    const entity = await requireResettable(api, place, name);
    try {
      // In this order: with a live token, whoever has it could change the new password.
      if (entity !== undefined) await endFactor(api, factor, entity.id);
      await endSignIns(api, place, name);
      const password = randomPassword();
      await setPassword(api, place, name, password);
      await unlock(api, place, name);
      return await giveInvitation(api, place, { name, password, factor }, options, stillAlone);
    } catch (error) {
      if (await wasRemoved(api, place, name)) throw fail("PERSON_CHANGED", { name }, error);
      throw halfDone(error, name);
    }
  });
}

/** A removal disables at once, whoever changes people meanwhile: what comes after it is refused. */
async function wasRemoved(api: VaultApi, place: Place, name: string): Promise<boolean> {
  try {
    return !(await hasUser(api, place, name)) || (await entityOf(api, place, name))?.disabled === true;
  } catch {
    return false; // what failed first is told
  }
}

/** @returns undefined for somebody who never began to sign in. @throws PERSON_UNKNOWN, PERSON_DISABLED */
async function requireResettable(api: VaultApi, place: Place, name: string): Promise<Entity | undefined> {
  if (!(await hasUser(api, place, name))) throw fail("PERSON_UNKNOWN", { name, where: `auth/${place.mount}`, elsewhere: "" });
  const entity = await entityOf(api, place, name);
  if (entity?.disabled === true) throw fail("PERSON_DISABLED", { name, id: entity.id, kept: entity.aliases.length > 1 });
  return entity;
}

function halfDone(error: unknown, name: string): unknown {
  if (!isFailure(error)) return error;
  const { code, message, hint, exit, fields, cause } = error;
  const again = { say: `the password and second factor that ${name} had may be gone already: when this is mended, reset again` };
  return new SshTrustError(code, message, [...hint, again], exit, fields, { cause });
}
