/** What Vault's identities know of a person: the entity, which is what a disabled one, groups and the second factor go by. */
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { VaultApi, Wrapped } from "../../vault/api.js";
import { factorMadeAt } from "../invitation.js";
import type { Place } from "./place.js";

const alias = z.object({ name: z.string(), mount_path: z.string() });
const entity = z.object({
  data: z.object({
    id: z.string().min(1),
    disabled: z.boolean(),
    aliases: z.array(alias).nullish(),
    group_ids: z.array(z.string()).nullish(),
  }),
});

export interface Entity {
  readonly id: string;
  readonly disabled: boolean;
  /** Whom it signs in as, and where: "auth/ssh-trust/people/". */
  readonly aliases: readonly { readonly name: string; readonly mount: string }[];
  /** The ids of all groups that it is in, by way of others too. */
  readonly groups: readonly string[];
}

const entityAt = (id: string) => `identity/entity/id/${id}`;

const read = ({ data }: z.infer<typeof entity>): Entity => ({
  id: data.id,
  disabled: data.disabled,
  aliases: (data.aliases ?? []).map(({ name, mount_path: mount }) => ({ name, mount })),
  groups: data.group_ids ?? [],
});

/** The entity of somebody with a password here; undefined where they never began to sign in. */
export async function entityOf(api: VaultApi, { accessor }: Place, name: string): Promise<Entity | undefined> {
  const asked = { alias_name: name, alias_mount_accessor: accessor };
  const found = await api.write("identity/lookup/entity", asked, entity);
  return found === undefined ? undefined : read(found);
}

export async function requireEntity(api: VaultApi, place: Place, name: string): Promise<Entity> {
  const found = await entityOf(api, place, name);
  if (found !== undefined) return found;
  throw fail("VAULT_ANSWER_UNEXPECTED", { path: "identity/lookup/entity", what: `a sign-in of ${name} made no entity` });
}

export async function readEntity(api: VaultApi, id: string): Promise<Entity | undefined> {
  const found = await api.read(entityAt(id), entity);
  return found === undefined ? undefined : read(found);
}

/** Acts at once: its tokens are refused, and so is a sign-in. */
export const disableEntity = (api: VaultApi, id: string) => api.write(entityAt(id), { disabled: true }, z.unknown());

/** Its tokens are refused from then on, and whoever comes after it by the same name is another. */
export const deleteEntity = (api: VaultApi, id: string) => api.delete(entityAt(id));

/** Vault keeps a second factor that is there, so it has to be ended first. @param factor the id of its method */
export const endFactor = (api: VaultApi, factor: string, id: string) =>
  api.write("identity/mfa/method/totp/admin-destroy", { method_id: factor, entity_id: id }, z.unknown());

/** @param factor the id of its method @param valid seconds that it can be unwrapped */
export const makeFactor = (api: VaultApi, factor: string, id: string, valid: number): Promise<Wrapped> =>
  api.wrap(factorMadeAt, { method_id: factor, entity_id: id }, valid);

const listed = z.object({
  data: z.object({ key_info: z.record(z.string(), z.object({ aliases: z.array(alias).nullish() })).nullish() }),
});

/** One who signs in at a mount, under the name that is known there. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  /** Below auth/, without slashes around it. */
  readonly mount: string;
}

/** Whoever has signed in somewhere, hosts too, in no order. */
export async function listEntities(api: VaultApi): Promise<readonly Listed[]> {
  const found = (await api.describe("identity/entity/id", listed))?.data.key_info ?? {};
  return Object.entries(found).flatMap(([id, { aliases }]) =>
    (aliases ?? []).map(({ name, mount_path: mount }) => ({ id, name, mount: mount.replace(/^auth\/|\/$/g, "") })),
  );
}
