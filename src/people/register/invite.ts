/**
 * Inviting people, with a people registrar's rights and no more. Vault makes the person's entity itself, at a sign-in that is begun with a
 * random password and goes no further: so no alias is written, with which one could be anybody. Password and second factor are handed over
 * wrapped, so that only the person sees them, and so that somebody who saw them first is noticed.
 */
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import type { VaultApi } from "../../vault/api.js";
import { wrappedAt, type Invitation } from "../invitation.js";
import { endPerson } from "./end-person.js";
import { entityOf, makeFactor, requireEntity } from "./entity.js";
import { putIntoGroups } from "./groups.js";
import { checkGroups, checkPersonName } from "./names.js";
import { oneAtATime } from "./one-at-a-time.js";
import { placeOf, requireFactor, type Place } from "./place.js";
import { beginSignIn, hasUser, makeUser, randomPassword } from "./user.js";

export interface InviteOptions {
  /** Groups of people, as the fleet file calls them, that the person is put into. */
  readonly groups: readonly string[];
  /** Seconds that the invitation can be used. A people registrar's policy allows a day at most. */
  readonly valid: number;
  /** What the person's machine has to know of Vault's TLS. */
  readonly tls: Pick<Invitation, "ca" | "serverName">;
  /** Hands the invitation to somebody, such as a file. Where that fails, the person is taken away again. */
  readonly handOver: (invitation: Invitation) => Promise<void>;
}

/**
 * Makes a person who is not there yet, and the invitation that lets them in.
 * @throws PERSON_NAME_INVALID, PEOPLE_GROUP_UNKNOWN, PEOPLE_GROUP_MISSING, PEOPLE_WITHOUT_PASSWORDS, PEOPLE_SECOND_FACTOR_MISSING, PERSON_EXISTS, PERSON_REMAINS,
 *   PERSON_DISABLED, PERSON_LEFT_BEHIND, PEOPLE_ARE_CHANGED; what Vault refuses, what `handOver` throws
 */
export async function invitePerson(
  api: VaultApi,
  stored: StoredFleet,
  name: string,
  options: InviteOptions,
): Promise<Invitation> {
  checkPersonName(name);
  checkGroups(stored.fleet, options.groups);
  const place = await placeOf(api, stored);
  const factor = await requireFactor(api, place);
  // At once also where somebody was killed who was adding them, whose claim is respected for a while.
  await refuseThere(api, place, name);
  return oneAtATime(api, async (stillAlone) => {
    await refuseThere(api, place, name);
    const password = randomPassword();
    await stillAlone();
    await makeUser(api, place, name, password);
    try {
      return await giveInvitation(api, place, { name, password, factor }, options, stillAlone);
    } catch (error) {
      // By then somebody may have it already: all that the person may do ends.
      await endPerson(api, place, name, stillAlone).catch((why: unknown) => {
        throw fail("PERSON_LEFT_BEHIND", { name, reason: reasonOf(why) }, error);
      });
      throw error;
    }
  });
}

/** Somebody of that name, or what is left of one, whose rights a new one would have. */
async function refuseThere(api: VaultApi, place: Place, name: string): Promise<void> {
  if (await hasUser(api, place, name)) throw fail("PERSON_EXISTS", { name });
  const left = await entityOf(api, place, name);
  if (left === undefined) return;
  const kept = left.aliases.length > 1;
  throw kept && left.disabled ? fail("PERSON_DISABLED", { name, id: left.id, kept }) : fail("PERSON_REMAINS", { name });
}

/** A user who has that password, and no second factor yet. */
interface Beginner {
  readonly name: string;
  readonly password: string;
  /** The id of the second factor's method. */
  readonly factor: string;
}

/** @param stillAlone throws where others change people meanwhile */
export async function giveInvitation(
  api: VaultApi,
  place: Place,
  { name, password, factor: method }: Beginner,
  { groups, valid, tls, handOver }: InviteOptions,
  stillAlone: () => Promise<void>,
): Promise<Invitation> {
  await beginSignIn(api, place, name, password);
  const { id } = await requireEntity(api, place, name);
  await putIntoGroups(api, id, groups, stillAlone);
  const factor = await makeFactor(api, method, id, valid);
  const { token } = await api.wrap(wrappedAt, { user: name, password, factor: factor.token }, valid);
  const { vault, namespace } = place.fleet;
  // What is inside ends first.
  const invitation = { vault, namespace, mount: place.mount, user: name, until: factor.until, token, ...tls };
  await handOver(invitation);
  return invitation;
}
