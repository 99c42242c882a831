/** The AppRole that a host signs in with, in the mount of its domain. */
import * as z from "zod";
import { policyOf } from "../fleet/vault-names.js";
import type { VaultApi } from "../vault/api.js";
import { appRoleOf, type Host } from "./host.js";

/** How long a secret id can be used: a host makes its next one with each certificate. */
const secretIdDays = 35;

const roleId = z.object({ data: z.object({ role_id: z.string().regex(/^[\x21-\x7e]+$/) }) });
const appRole = z.object({
  data: z.object({ token_policies: z.array(z.string()).nullish(), secret_id_bound_cidrs: z.array(z.string()).nullish() }),
});

/** The role id of a host; undefined where it has no AppRole. */
export const roleIdOf = async (api: VaultApi, name: string, domain: string): Promise<string | undefined> =>
  (await api.read(`${appRoleOf(name, domain)}/role-id`, roleId))?.data.role_id;

export interface AppRole {
  readonly policies: readonly string[];
  /** None: the host may sign in from anywhere. */
  readonly cidrs: readonly string[];
}

/** The AppRole of a host; undefined where it has none. */
export async function roleOfHost(api: VaultApi, name: string, domain: string): Promise<AppRole | undefined> {
  const data = (await api.read(appRoleOf(name, domain), appRole))?.data;
  return data === undefined ? undefined : { policies: data.token_policies ?? [], cidrs: data.secret_id_bound_cidrs ?? [] };
}

/** Whether a host is kept out: nobody but a registrar changes its AppRole, and that has no rights. */
export const isKeptOut = ({ policies }: AppRole): boolean => policies.includes(policyOf.keptOut);

/** Takes all rights from the AppRole of a host, or makes one without any, which its platform's token cannot change. */
export const takeRights = (api: VaultApi, name: string, domain: string) =>
  api.write(appRoleOf(name, domain), { token_policies: policyOf.keptOut }, z.unknown());

/**
 * Makes the AppRole of a host, with the policy of its group.
 * @param cidrs addresses that the host may sign in from and use its token at. None: any
 * @returns where it is
 */
export async function makeAppRole(api: VaultApi, { name, group }: Host, cidrs: readonly string[]): Promise<string> {
  const at = appRoleOf(name, group.domain);
  const bound = cidrs.join(",");
  await api.write(
    at,
    {
      // Not a list: a registrar's policy allows each by its name.
      token_policies: policyOf.host(group.name),
      secret_id_ttl: `${String(secretIdDays * 24)}h`,
      token_max_ttl: "24h",
      ...(bound === "" ? {} : { secret_id_bound_cidrs: bound, token_bound_cidrs: bound }),
    },
    z.unknown(),
  );
  return at;
}
