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

async function readGroup(api: VaultApi, name: string): Promise<Group> {
  const found = await api.read(groupAt(name), identityGroup);
  if (found === undefined) throw fail("PEOPLE_GROUP_MISSING", { group: name, path: groupAt(name) });
  return { name, id: found.data.id, members: found.data.member_entity_ids ?? [] };
}

/** @throws PEOPLE_GROUP_MISSING */
export const readGroups = ({ people }: Fleet, api: VaultApi): Promise<readonly Group[]> =>
  Promise.all(people.map(({ name }) => readGroup(api, name)));

/** The list of members is written whole: nobody else may change it meanwhile. @param stillAlone throws where somebody may */
type StillAlone = () => Promise<void>;

/** @throws PEOPLE_GROUP_MISSING, and as `stillAlone` */
export async function putIntoGroups(api: VaultApi, id: string, names: readonly string[], stillAlone: StillAlone): Promise<void> {
  for (const { name, members } of await Promise.all(names.map((each) => readGroup(api, each)))) {
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
  const its = (await readGroups(fleet, api)).filter(({ members }) => members.includes(id));
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
