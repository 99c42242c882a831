/** All people whom Vault knows by the fleet's ways to sign in. */
import type { SignInMethod } from "../../fleet/fleet.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { userpassOf } from "../../fleet/vault-names.js";
import { inParallel } from "../../ground/in-parallel.js";
import type { VaultApi } from "../../vault/api.js";
import { listEntities, readEntity } from "./entity.js";
import { readGroups } from "./groups.js";

/**
 * active: may sign in. disabled: may do nothing. unfinished: has a password and no entity, as adding ended half-way. without-password: the
 * user is gone, and the entity is not, as removing ended half-way or somebody did it by hand.
 */
export type PersonState = "active" | "disabled" | "unfinished" | "without-password";

export interface ListedPerson {
  /** As the person signs in; a provider's choice where it is not our userpass. */
  readonly name: string;
  readonly method: SignInMethod["method"];
  /** The fleet's groups that the person is in, by way of others too. */
  readonly groups: readonly string[];
  readonly state: PersonState;
}

/** What is read at a time. */
const width = 8;

/** By name, then method. Whoever never signed in by an identity provider is not known yet. @throws what Vault refuses */
export async function listPeople(api: VaultApi, { fleet }: StoredFleet): Promise<readonly ListedPerson[]> {
  const own = userpassOf(fleet);
  const [entities, users, groups] = await Promise.all([
    listEntities(api),
    own === undefined ? [] : api.list(`auth/${own.path}/users`),
    readGroups(api, fleet),
  ]);
  const passwords = new Set(users);
  const known = fleet.signIn.flatMap(({ method, path }) =>
    entities.filter(({ mount }) => mount === path).map(({ id, name }) => ({ id, name, method, isUser: path === own?.path })),
  );
  const people = await inParallel(known, width, async ({ id, name, method, isUser }): Promise<ListedPerson[]> => {
    const entity = await readEntity(api, id);
    if (entity === undefined) return []; // removed meanwhile
    const lacksUser = isUser && !passwords.has(name);
    return [
      {
        name,
        method,
        groups: groups.filter((group) => entity.groups.includes(group.id)).map((group) => group.name),
        state: lacksUser ? "without-password" : entity.disabled ? "disabled" : "active",
      },
    ];
  });
  const begun = new Set(known.filter(({ isUser }) => isUser).map(({ name }) => name));
  const unfinished = users
    .filter((name) => !begun.has(name))
    .map((name): ListedPerson => ({ name, method: "userpass", groups: [], state: "unfinished" }));
  return [...people.flat(), ...unfinished].sort((a, b) => order(a.name, b.name) || order(a.method, b.method));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
