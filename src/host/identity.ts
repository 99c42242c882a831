/**
 * A host's identity with Vault: an AppRole in the mount of its domain, named as the host without the domain. Its group, and with it
 * what it may have signed, comes from the fleet; nobody who enrols a host chooses it.
 */
import * as z from "zod";
import { fail, isFailure } from "../errors/catalogue.js";
import type { Fleet } from "../fleet/fleet.js";
import { hostsMountOf, policyOf } from "../fleet/vault-names.js";
import type { VaultSettings } from "../settings/vault.js";
import type { VaultApi } from "../vault/api.js";
import { connect } from "../vault/connection.js";
import { refusalOf } from "../vault/refusals.js";
import { appRoleOf, domainOfHost, hostOf, type Host } from "./host.js";

export interface EnrolledHost extends Host {
  readonly roleId: string;
  /** A secret: with the role id, it signs the host in. */
  readonly secretId: string;
}

export interface Enrolment {
  /** Seconds that a token of the host lives on each time that it is renewed. Left out: it ends within a day. */
  readonly tokenPeriod?: number;
  /** Whether a host of that name loses its identity to this one. */
  readonly replace?: boolean;
}

/** How long a secret id can be used: a host makes its next one with each certificate. */
const secretIdDays = 35;

const roleId = z.object({ data: z.object({ role_id: z.string().min(1) }) });
const secretId = z.object({ data: z.object({ secret_id: z.string().min(1) }) });
const signedIn = z.object({ auth: z.object({ client_token: z.string().min(1) }) });
const mount = z.object({ data: z.object({ accessor: z.string().min(1) }) });
const entity = z.object({ data: z.object({ id: z.string().min(1) }) });

/**
 * Makes a host's identity. The role id and the secret id are for the host alone.
 * @param name the host's whole name
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP; HOST_ENROLLED: there is one, and nobody said that it is replaced; what Vault refuses
 */
export async function enrolHost(
  api: VaultApi,
  fleet: Pick<Fleet, "hosts">,
  name: string,
  { tokenPeriod, replace = false }: Enrolment = {},
): Promise<EnrolledHost> {
  const host = hostOf(fleet, name);
  const { group } = host;
  const at = appRoleOf(name, group.domain);
  if ((await api.read(`${at}/role-id`, roleId)) !== undefined) {
    if (!replace) throw fail("HOST_ENROLLED", { name, path: `auth/${hostsMountOf(group.domain)}/role` });
    await removeHost(api, { domains: [group.domain] }, name);
  }
  await api.write(
    at,
    {
      // Not a list: a registrar's policy allows each by its name.
      token_policies: policyOf.host(group.name),
      secret_id_ttl: `${String(secretIdDays * 24)}h`,
      ...(tokenPeriod === undefined ? { token_max_ttl: "24h" } : { token_period: `${String(tokenPeriod)}s` }),
    },
    z.unknown(),
  );
  try {
    return { ...host, ...(await credentialsAt(api, at)) };
  } catch (error) {
    await api.delete(at).catch(() => undefined); // nobody can sign in with it
    throw error;
  }
}

async function credentialsAt(api: VaultApi, at: string): Promise<Pick<EnrolledHost, "roleId" | "secretId">> {
  const [id, secret] = [await api.read(`${at}/role-id`, roleId), await api.write(`${at}/secret-id`, {}, secretId)];
  if (id === undefined || secret === undefined)
    throw fail("VAULT_ANSWER_UNEXPECTED", { path: at, what: "it was made, and is not there" });
  return { roleId: id.data.role_id, secretId: secret.data.secret_id };
}

/** Signs a host in. @returns its token, a secret. @throws HOST_SIGN_IN_REFUSED, … */
export async function signInHost(
  settings: VaultSettings,
  { group, roleId: role_id, secretId: secret_id }: Pick<EnrolledHost, "group" | "roleId" | "secretId">,
): Promise<string> {
  const { anonymous, ask, read } = connect(settings);
  const path = `auth/${hostsMountOf(group.domain)}/login`;
  const asked = anonymous.write(path, { role_id, secret_id }).catch((error: unknown) => {
    const refusal = refusalOf(error);
    throw refusal?.status === 400 ? fail("HOST_SIGN_IN_REFUSED", { path, reason: refusal.reasons.join("; ") }) : error;
  });
  return read(path, signedIn, await ask(path, asked)).auth.client_token;
}

/**
 * Takes a host's identity away: its tokens sign nothing from then on. What was signed for it stays valid until it ends.
 *
 * The entity is what counts, and goes first: without its AppRole alone, a live token would go on signing.
 * @param name the host's whole name
 * @returns false where it has none
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP: it is below none of the domains; what Vault refuses
 */
export async function removeHost(api: VaultApi, { domains }: Pick<Fleet, "domains">, name: string): Promise<boolean> {
  const domain = domainOfHost({ domains }, name);
  const at = appRoleOf(name, domain);
  const role = await api.read(`${at}/role-id`, roleId);
  if (role === undefined) return false;
  const alias = { alias_name: role.data.role_id, alias_mount_accessor: await accessorOf(api, domain) };
  await disableEntity(api, alias);
  await api.delete(at);
  // Once more: it may have signed in for the first time just before.
  const id = await disableEntity(api, alias);
  if (id !== undefined) await tidyAway(api, id);
  return true;
}

/** By the path that any token may ask which can use the mount: a registrar may not read the table of all mounts. */
async function accessorOf(api: VaultApi, domain: string): Promise<string> {
  const path = `sys/internal/ui/mounts/auth/${hostsMountOf(domain)}`;
  const found = await api.read(path, mount);
  if (found === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: "there is no such mount" });
  return found.data.accessor;
}

/** @returns its id; undefined where the host never signed in */
async function disableEntity(api: VaultApi, alias: Readonly<Record<string, string>>): Promise<string | undefined> {
  const id = (await api.write("identity/lookup/entity", alias, entity))?.data.id;
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
