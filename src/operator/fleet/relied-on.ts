/** What the fleet file says that Vault has already: ways to sign in, identity groups. */
import * as z from "zod";
import { fail, isFailure } from "../../errors/catalogue.js";
import { groupBy } from "../../fleet/changes/compare.js";
import type { ExistingMethod, Fleet } from "../../fleet/fleet.js";
import type { VaultApi } from "../../vault/api.js";

const table = z.object({ data: z.record(z.string(), z.object({ type: z.string() })) });

/** One engine serves both. */
const types: Readonly<Record<ExistingMethod["method"], readonly string[]>> = {
  oidc: ["oidc", "jwt"],
  jwt: ["jwt", "oidc"],
  ldap: ["ldap"],
  userpass: ["userpass"],
};

/** Asks nothing where the file relies on nothing. @throws FLEET_METHOD_MISSING, FLEET_METHOD_UNKNOWN, FLEET_GROUP_MISSING */
export async function refuseMissing(
  api: VaultApi,
  { signIn, people, hosts }: Pick<Fleet, "signIn" | "people" | "hosts">,
): Promise<void> {
  await refuseUnknown(api, signIn);
  const existing = [
    ...signIn.filter((each) => !each.ours).map(({ method, path }) => ({ key: `sign-in.${method}`, method, path })),
    ...hosts.flatMap(({ name, jwt }) =>
      jwt === undefined ? [] : [{ key: `hosts.${name}.jwt`, method: "jwt" as const, path: jwt.mount }],
    ),
  ];
  const there = existing.length === 0 ? {} : ((await api.read("sys/auth", table))?.data ?? {});
  for (const { key, method, path } of existing) {
    const type = there[`${path}/`]?.type;
    if (type === undefined || !types[method].includes(type)) {
      throw fail("FLEET_METHOD_MISSING", {
        key,
        path,
        type: method,
        found: type === undefined ? "nothing" : `a method of type ${type}`,
      });
    }
  }
  const groups = new Set(people.flatMap(({ identityGroups }) => identityGroups));
  for (const name of groups) {
    if ((await api.write("identity/lookup/group", { name }, z.unknown())) === undefined)
      throw fail("FLEET_GROUP_MISSING", { name });
  }
}

/** A JWT mount that was made, and was not told whose tokens are good. */
export interface MountWithoutSettings {
  /** Below auth/. */
  readonly mount: string;
  /** The groups of hosts whose machines cannot enrol by its tokens until it is told. */
  readonly groups: readonly string[];
}

/** Those of the file's JWT mounts for machines that have no settings. Of one that the token may not ask, none is said to be missing. */
export async function mountsWithoutSettings(
  api: VaultApi,
  { hosts }: Pick<Fleet, "hosts">,
): Promise<readonly MountWithoutSettings[]> {
  const machines = hosts.flatMap(({ name, jwt }) => (jwt === undefined ? [] : [{ name, mount: jwt.mount }]));
  const found = await Promise.all(
    groupBy(machines, ({ mount }) => mount).map(async (groups) => {
      const [{ mount }] = groups;
      return (await hasSettings(api, mount)) ? [] : [{ mount, groups: groups.map(({ name }) => name) }];
    }),
  );
  return found.flat();
}

const hasSettings = (api: VaultApi, mount: string): Promise<boolean> =>
  api.read(`auth/${mount}/config`, z.unknown()).then(
    (settings) => settings !== undefined,
    (error: unknown) => {
      if (isFailure(error, "VAULT_PERMISSION_DENIED")) return true;
      throw error;
    },
  );

/** Of servers, some have no LDAP. A token that may not ask is told by Terraform, half-way. */
async function refuseUnknown(api: VaultApi, signIn: Fleet["signIn"]): Promise<void> {
  const wanted = signIn.filter(({ method, ours }) => ours && method !== "userpass");
  if (wanted.length === 0) return;
  const known = await api.list("sys/plugins/catalog/auth").catch((error: unknown) => {
    if (isFailure(error, "VAULT_PERMISSION_DENIED")) return [] as readonly string[];
    throw error;
  });
  const unknown = wanted.find(({ method }) => known.length > 0 && !known.includes(method));
  if (unknown !== undefined) throw fail("FLEET_METHOD_UNKNOWN", { method: unknown.method, known: [...known].sort().join(", ") });
}
