/** Who is in the fleet's groups of people. */
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { groupOf } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";

const identityGroup = z.object({ data: z.object({ id: z.string(), member_entity_ids: z.array(z.string()).nullish() }) });

interface Group {
  /** As the fleet file calls it. */
  readonly name: string;
  readonly id: string;
  /** Entities that are in it themselves. */
  readonly members: readonly string[];
}

const groupAt = (name: string) => `identity/group/name/${groupOf(name)}`;

async function readGroup(api: VaultApi, name: string): Promise<Group | undefined> {
  const data = (await api.read(groupAt(name), identityGroup))?.data;
  return data === undefined ? undefined : { name, id: data.id, members: data.member_entity_ids ?? [] };
}

async function requireGroup(api: VaultApi, name: string): Promise<Group> {
  const found = await readGroup(api, name);
  if (found !== undefined) return found;
  throw fail("PEOPLE_GROUP_MISSING", { group: name, path: groupAt(name) });
}

/** Those that Vault has: nobody is in one that somebody deleted. */
export const readGroups = async (api: VaultApi, { people }: Fleet): Promise<readonly Group[]> =>
  (await Promise.all(people.map(({ name }) => readGroup(api, name)))).filter((group) => group !== undefined);

/** As the fleet file calls them. @param ids of all groups that somebody is in, by way of others too */
export const groupNames = async (api: VaultApi, fleet: Fleet, ids: readonly string[]): Promise<readonly string[]> =>
  (await readGroups(api, fleet)).filter(({ id }) => ids.includes(id)).map(({ name }) => name);

/** Throws where others may change people meanwhile: the list of a group's members is written whole. */
type StillAlone = () => Promise<void>;

/** @throws PEOPLE_GROUP_MISSING, and as `stillAlone` */
export async function putIntoGroups(api: VaultApi, id: string, names: readonly string[], stillAlone: StillAlone): Promise<void> {
  for (const { name, members } of await Promise.all(names.map((each) => requireGroup(api, each)))) {
    if (members.includes(id)) continue;
    await stillAlone();
    await setMembers(api, name, [...members, id]);
  }
}

/** @returns the groups that it was in, by name */
export async function takeOutOfGroups(
  api: VaultApi,
  fleet: Fleet,
  id: string,
  stillAlone: StillAlone,
): Promise<readonly string[]> {
  const its = (await readGroups(api, fleet)).filter(({ members }) => members.includes(id));
  for (const { name, members } of its) {
    await stillAlone();
    await setMembers(
      api,
      name,
      members.filter((each) => each !== id),
    );
  }
  return its.map(({ name }) => name);
}

const setMembers = (api: VaultApi, name: string, members: readonly string[]) =>
  api.write(groupAt(name), { member_entity_ids: members }, z.unknown());
