/**
 * What Vault has already of a configuration, and Terraform's state does not know: somebody else made it, or the state was lost.
 * Each kind of resource has its way to be looked for, and its id in the provider's terms.
 */
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Adoption } from "../../terraform/imports.js";
import type { VaultApi } from "../../vault/api.js";
import { externalGroupOf, secondFactor } from "../../fleet/vault-names.js";
import { groupMethods } from "../../fleet/fleet.js";
import { referencesIn, type Configured } from "./configured.js";

/** Something that is there: what it is called for people, and for Terraform. */
export interface Found extends Adoption {
  readonly what: string;
}

type Attributes = Readonly<Record<string, unknown>>;
/** @returns the id, where it is there */
type Look = (server: Server, attributes: Attributes) => Promise<string | undefined>;

/** What is asked of Vault once for all resources. */
interface Server {
  readonly api: VaultApi;
  readonly mounts: Mounts;
  readonly auth: Mounts;
}

const mountTable = z.object({ data: z.record(z.string(), z.object({ type: z.string(), accessor: z.string() })) });
type Mounts = z.infer<typeof mountTable>["data"];
const anything = z.unknown();
const group = z.object({
  data: z.object({ id: z.string(), name: z.string(), alias: z.object({ id: z.string().optional() }).nullish() }),
});
const enforcement = z.object({ data: z.object({ mfa_method_ids: z.array(z.string()) }) });

const text = (attributes: Attributes, key: string): string => {
  const value = attributes[key];
  return typeof value === "string" ? value : "";
};

/** One whose path says whether it is there. */
const at =
  (path: (attributes: Attributes) => string, id: (attributes: Attributes) => string): Look =>
  async ({ api }, attributes) =>
    (await api.read(path(attributes), anything)) === undefined ? undefined : id(attributes);

const byName = (path: string) =>
  at(
    (each) => `${path}/${text(each, "name")}`,
    (each) => text(each, "name"),
  );
const roleId = (each: Attributes) => `${text(each, "backend")}/roles/${text(each, "name")}`;
const signInRoleId = (each: Attributes) => `auth/${text(each, "backend")}/role/${text(each, "role_name")}`;

/** A kind that is not here comes and goes with another that is. */
const looks: Readonly<Record<string, Look>> = {
  vault_mount: ({ mounts }, each) => Promise.resolve(mounted(mounts, text(each, "path"), text(each, "type"))),
  vault_auth_backend: ({ auth }, each) => Promise.resolve(mounted(auth, text(each, "path"), text(each, "type"), "auth/")),
  vault_ssh_secret_backend_role: at(roleId, roleId),
  vault_jwt_auth_backend_role: at(signInRoleId, signInRoleId),
  vault_policy: byName("sys/policies/acl"),
  vault_quota_rate_limit: byName("sys/quotas/rate-limit"),
  vault_identity_mfa_login_enforcement: byName("identity/mfa/login-enforcement"),
  vault_identity_oidc_key: byName("identity/oidc/key"),
  vault_identity_oidc_role: byName("identity/oidc/role"),
  /** It has no name; but the enforcement knows it, and people's codes depend on it. */
  vault_identity_mfa_totp: async ({ api }) =>
    (await api.read(`identity/mfa/login-enforcement/${secondFactor}`, enforcement))?.data.mfa_method_ids[0],
  vault_identity_group: async ({ api }, each) =>
    (await api.write("identity/lookup/group", { name: text(each, "name") }, group))?.data.id,
  vault_identity_group_alias: lookForAlias,
};

/** @param below where all of these mounts are */
function mounted(mounts: Mounts, path: string, type: string, below = ""): string | undefined {
  const there = mounts[`${path}/`];
  if (there === undefined) return undefined;
  if (there.type !== type) throw fail("VAULT_MOUNT_CONFLICT", { mount: `${below}${path}`, type: there.type, needed: type });
  return path;
}

async function lookForAlias({ api, auth }: Server, each: Attributes): Promise<string | undefined> {
  const accessor = auth[`${text(each, "mount_accessor")}/`]?.accessor;
  if (accessor === undefined) return undefined; // the mount itself is yet to be made
  const name = text(each, "name");
  const found = await api.write("identity/lookup/group", { alias_name: name, alias_mount_accessor: accessor }, group);
  if (found === undefined) return undefined;
  const method = groupMethods.find((candidate) => found.data.name === externalGroupOf(candidate, name));
  const auths = { method: auth[`${text(each, "mount_accessor")}/`]?.type ?? "", group: name, taken: found.data.name };
  if (method === undefined) throw fail("FLEET_GROUP_TAKEN", auths);
  return found.data.alias?.id;
}

/**
 * @param known addresses that the state knows
 * @throws VAULT_MOUNT_CONFLICT, FLEET_GROUP_TAKEN, …
 */
export async function findExisting(
  api: VaultApi,
  configured: Configured,
  known: { readonly has: (address: string) => boolean },
): Promise<readonly Found[]> {
  const unknown = configured.resources.filter(({ address, type }) => !known.has(address) && type in looks);
  if (unknown.length === 0) return [];
  const table = async (path: string) => (await api.read(path, mountTable))?.data ?? {};
  const [mounts, auth] = await Promise.all([table("sys/mounts"), table("sys/auth")]);
  const found = await Promise.all(
    unknown.map(async ({ address, type, attributes }): Promise<Found | undefined> => {
      const id = await looks[type]?.({ api, mounts, auth }, referencesIn(configured, attributes));
      return id === undefined ? undefined : { to: address, id, what: `${spoken(type)} ${text(attributes, "name") || id}` };
    }),
  );
  return found.filter((each) => each !== undefined);
}

const words: Readonly<Record<string, string>> = {
  vault_mount: "the mount",
  vault_auth_backend: "the sign-in method",
  vault_ssh_secret_backend_role: "the role",
  vault_jwt_auth_backend_role: "the role",
  vault_policy: "the policy",
  vault_quota_rate_limit: "the rate limit",
  vault_identity_group: "the group",
  vault_identity_group_alias: "the group alias",
  vault_identity_oidc_key: "the key of identity tokens",
  vault_identity_oidc_role: "the role of identity tokens",
  vault_identity_mfa_totp: "the second factor",
  vault_identity_mfa_login_enforcement: "the enforcement",
};
const spoken = (type: string) => words[type] ?? type;
