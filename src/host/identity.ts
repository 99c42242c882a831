/**
 * A host's identity with Vault: an AppRole in the mount of its domain, named as the host without the domain. Its group, and with it
 * what it may have signed, comes from the fleet; nobody who enrols a host chooses it.
 */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { Fleet } from "../fleet/fleet.js";
import { hostsMountOf } from "../fleet/vault-names.js";
import type { VaultSettings } from "../settings/vault.js";
import type { VaultApi } from "../vault/api.js";
import { connect } from "../vault/connection.js";
import { refusalOf } from "../vault/refusals.js";
import { makeAppRole, roleIdOf, type AppRoleOptions } from "./app-role.js";
import { endAppRole } from "./end-identity.js";
import { domainOfHost, hostOf, type Host } from "./host.js";

export interface EnrolledHost extends Host {
  readonly roleId: string;
  /** A secret: with the role id, it signs the host in. */
  readonly secretId: string;
}

export interface Enrolment extends Pick<AppRoleOptions, "tokenPeriod"> {
  /** Whether a host of that name loses its identity to this one. */
  readonly replace?: boolean;
}

const secretId = z.object({ data: z.object({ secret_id: z.string().min(1) }) });
const signedIn = z.object({ auth: z.object({ client_token: z.string().min(1) }) });

/**
 * Makes a host's identity, for whoever may see a secret id; a registrar may not, and adds hosts by `addHost`. The role id and the
 * secret id are for the host alone.
 * @param name the host's whole name
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP; HOST_ENROLLED: there is one, and nobody said that it is replaced; what Vault refuses
 */
export async function enrolHost(
  api: VaultApi,
  fleet: Pick<Fleet, "hosts">,
  name: string,
  { replace = false, ...options }: Enrolment = {},
): Promise<EnrolledHost> {
  const host = hostOf(fleet, name);
  const { domain } = host.group;
  if ((await roleIdOf(api, name, domain)) !== undefined) {
    if (!replace) throw fail("HOST_ENROLLED", { name });
    await endAppRole(api, name, domain);
  }
  const at = await makeAppRole(api, host, options);
  try {
    const roleId = await roleIdOf(api, name, domain);
    const secret = await api.write(`${at}/secret-id`, {}, secretId);
    if (roleId === undefined || secret === undefined)
      throw fail("VAULT_ANSWER_UNEXPECTED", { path: at, what: "it was made, and is not there" });
    return { ...host, roleId, secretId: secret.data.secret_id };
  } catch (error) {
    await api.delete(at).catch(() => undefined); // nobody can sign in with it
    throw error;
  }
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
 * @param name the host's whole name
 * @returns false where it has none
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP: it is below none of the domains; what Vault refuses
 */
export const removeHost = async (api: VaultApi, fleet: Pick<Fleet, "domains" | "hosts">, name: string): Promise<boolean> =>
  endAppRole(api, name, domainOfHost(fleet, name));
