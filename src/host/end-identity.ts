/** How all that a host may do ends: its AppRole, and what a token of its platform would get it. */
import * as z from "zod";
import { fail, isFailure } from "../errors/catalogue.js";
import type { Fleet, HostGroup, HostTokens } from "../fleet/fleet.js";
import { enrolRoleOf, hostsMountOf } from "../fleet/vault-names.js";
import type { VaultApi } from "../vault/api.js";
import { roleIdOf } from "./app-role.js";
import { appRoleNameOf, appRoleOf, groupOfHost } from "./host.js";

const mountAnswer = z.object({ data: z.object({ accessor: z.string().min(1) }) });
const entityAnswer = z.object({ data: z.object({ id: z.string().min(1) }) });

/**
 * Ends all that a host may do. A machine that enrols itself is kept from doing it again: its AppRole goes first and, as it may have
 * come back before it was kept out, last.
 * @throws HOST_TOKEN_STILL_GOOD: its AppRole is gone, and nothing keeps it from making another
 */
export async function endIdentity(
  api: VaultApi,
  { hosts }: Pick<Fleet, "hosts">,
  name: string,
  domain: string,
): Promise<EndedIdentity> {
  const ended = await endAppRole(api, name, domain);
  const group = groupOfHost({ hosts }, name);
  if (group?.jwt === undefined) return { known: ended, tokens: undefined };
  const { mount } = group.jwt;
  const accessor = await accessorOfTokens(api, name, group, group.jwt);
  if (accessor === undefined) return { known: ended, tokens: undefined };
  const entity = await disableEntity(api, { alias_name: appRoleNameOf(name, domain), alias_mount_accessor: accessor });
  const again = await endAppRole(api, name, domain);
  return { known: ended || again || entity !== undefined, tokens: { mount, areRefused: entity !== undefined } };
}

export interface EndedIdentity {
  /** Whether Vault knew it, by an AppRole or by a token. */
  readonly known: boolean;
  /** Of a machine that may enrol itself. Vault can refuse its tokens once it has seen one. */
  readonly tokens: { readonly mount: string; readonly areRefused: boolean } | undefined;
}

/** Vault says of a mount that is gone what it says of one that a token may not ask about; its role tells. @returns undefined: it is gone */
async function accessorOfTokens(
  api: VaultApi,
  name: string,
  group: HostGroup,
  { mount }: HostTokens,
): Promise<string | undefined> {
  try {
    return await accessorOf(api, mount);
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED")) throw error;
    try {
      await api.read(`auth/${mount}/role/${enrolRoleOf(group)}`, z.unknown());
      return undefined;
    } catch (refused) {
      if (!isFailure(refused, "VAULT_PERMISSION_DENIED")) throw refused;
      throw fail("HOST_TOKEN_STILL_GOOD", { name, mount }, refused);
    }
  }
}

/**
 * Takes a host's AppRole away. Its entity is what counts, and goes first: without the AppRole alone, a live token would go on signing.
 * @returns false where it has none
 */
export async function endAppRole(api: VaultApi, name: string, domain: string): Promise<boolean> {
  const id = await roleIdOf(api, name, domain);
  if (id === undefined) return false;
  const alias = { alias_name: id, alias_mount_accessor: await accessorOf(api, hostsMountOf(domain)) };
  await disableEntity(api, alias);
  await api.delete(appRoleOf(name, domain)); // its secret ids go with it
  // Once more: it may have signed in for the first time just before.
  const last = await disableEntity(api, alias);
  if (last !== undefined) await tidyAway(api, last);
  return true;
}

/** By the path that any token may ask which can use the mount: a registrar may not read the table of all mounts. */
async function accessorOf(api: VaultApi, authMount: string): Promise<string> {
  const path = `sys/internal/ui/mounts/auth/${authMount}`;
  const found = await api.read(path, mountAnswer);
  if (found === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: "there is no such mount" });
  return found.data.accessor;
}

/** @returns its id; undefined where the host never signed in */
async function disableEntity(api: VaultApi, alias: Readonly<Record<string, string>>): Promise<string | undefined> {
  const id = (await api.write("identity/lookup/entity", alias, entityAnswer))?.data.id;
  if (id !== undefined) await api.write(`identity/entity/id/${id}`, { disabled: true }, z.unknown());
  return id;
}

/** A disabled entity can do nothing more. A registrar may not delete it, so it stays then. */
async function tidyAway(api: VaultApi, id: string): Promise<void> {
  try {
    await api.delete(`identity/entity/id/${id}`);
  } catch (error) {
    if (!isFailure(error, "VAULT_PERMISSION_DENIED")) throw error;
  }
}
