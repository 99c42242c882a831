/** How all that a host may do ends. */
import * as z from "zod";
import { fail, isFailure } from "../errors/catalogue.js";
import { hostsMountOf } from "../fleet/vault-names.js";
import { accessorOf } from "../vault/accessor.js";
import type { VaultApi } from "../vault/api.js";
import { isKeptOut, roleIdOf, roleOfHost, takeRights } from "./app-role.js";
import { appRoleOf } from "./host.js";

const entityAnswer = z.object({ data: z.object({ id: z.string().min(1) }) });

/**
 * Takes a host's AppRole away. Its entity is what counts, and goes first: without the AppRole alone, a live token would go on signing.
 * @returns false where it has none
 */
export async function endAppRole(api: VaultApi, name: string, domain: string): Promise<boolean> {
  const known = await knownAs(api, name, domain);
  if (known === undefined) return false;
  await disableEntity(api, known);
  await api.delete(appRoleOf(name, domain)); // its secret ids go with it
  await disableLast(api, known);
  return true;
}

/**
 * Ends all that a machine may do which enrols itself by a token of its platform, and keeps it from doing so again: its AppRole stays, and has
 * no rights. A token can make one where there is none, and cannot change one. So this works before the machine has come for the first
 * time, and as long as the AppRole is there.
 * @returns whether it had one
 * @throws HOST_TOKEN_STILL_GOOD: its AppRole is gone, and nothing keeps it from making another
 */
export async function keepOut(api: VaultApi, name: string, domain: string): Promise<boolean> {
  const before = await knownAs(api, name, domain);
  if (before !== undefined) await disableEntity(api, before);
  try {
    // Vault judges whether there is one before it writes: a machine that asked just before may write last.
    let tries = 0;
    do await takeRights(api, name, domain);
    while (!(await hasNoRights(api, name, domain)) && (tries += 1) < most);
    if (tries === most) throw fail("HOST_TOKEN_STILL_GOOD", { name });
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED") && !isFailure(error, "HOST_TOKEN_STILL_GOOD")) throw error;
    await endAppRole(api, name, domain);
    throw fail("HOST_TOKEN_STILL_GOOD", { name }, error);
  }
  const known = before ?? (await knownAs(api, name, domain)); // it may have come meanwhile
  if (known !== undefined) await disableLast(api, known);
  return before !== undefined;
}

/** How often a machine could write last, at the most. */
const most = 10;

async function hasNoRights(api: VaultApi, name: string, domain: string): Promise<boolean> {
  const role = await roleOfHost(api, name, domain);
  return role !== undefined && isKeptOut(role);
}

/** What Vault's identities know a host by that signs in with its AppRole. */
type Alias = Readonly<Record<"alias_name" | "alias_mount_accessor", string>>;

/** @returns undefined where it has no AppRole */
async function knownAs(api: VaultApi, name: string, domain: string): Promise<Alias | undefined> {
  const id = await roleIdOf(api, name, domain);
  return id === undefined ? undefined : { alias_name: id, alias_mount_accessor: await accessorOf(api, hostsMountOf(domain)) };
}

/** @returns its id; undefined where the host never signed in */
async function disableEntity(api: VaultApi, alias: Alias): Promise<string | undefined> {
  const id = (await api.write("identity/lookup/entity", alias, entityAnswer))?.data.id;
  if (id !== undefined) await api.write(`identity/entity/id/${id}`, { disabled: true }, z.unknown());
  return id;
}

/** Once more, as it may have signed in for the first time just before. */
async function disableLast(api: VaultApi, alias: Alias): Promise<void> {
  const last = await disableEntity(api, alias);
  if (last !== undefined) await tidyAway(api, last);
}

/** A disabled entity can do nothing more. A registrar may not delete it, so it stays then. */
async function tidyAway(api: VaultApi, id: string): Promise<void> {
  try {
    await api.delete(`identity/entity/id/${id}`);
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED")) throw error;
  }
}
