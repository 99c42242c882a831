/** Where people have passwords: the fleet's own userpass mount, with the second factor that is enforced there. */
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { secondFactor, userpassOf } from "../../fleet/vault-names.js";
import { accessorOf } from "../../vault/accessor.js";
import type { VaultApi } from "../../vault/api.js";

export interface Place {
  readonly fleet: Fleet;
  /** Below auth/, such as "ssh-trust/people". */
  readonly mount: string;
  /** The mount's accessor. */
  readonly accessor: string;
}

/** @throws PEOPLE_WITHOUT_PASSWORDS, and what Vault refuses */
export async function placeOf(api: VaultApi, { fleet }: Pick<StoredFleet, "fleet">): Promise<Place> {
  const { path: mount } = requireUserpass(fleet);
  return { fleet, mount, accessor: await accessorOf(api, mount) };
}

const enforcement = z.object({
  data: z.object({ auth_method_accessors: z.array(z.string()), mfa_method_ids: z.array(z.string()) }),
});

/** The id of the second factor's method. @throws PEOPLE_SECOND_FACTOR_MISSING: it is not enforced as it was applied */
export async function requireFactor(api: VaultApi, { mount, accessor }: Place): Promise<string> {
  const found = (await api.read(`identity/mfa/login-enforcement/${secondFactor}`, enforcement))?.data;
  const [factor, ...others] = found?.mfa_method_ids ?? [];
  if (factor === undefined || others.length > 0 || found?.auth_method_accessors.includes(accessor) !== true)
    throw fail("PEOPLE_SECOND_FACTOR_MISSING", { mount });
  return factor;
}

/** @throws PEOPLE_WITHOUT_PASSWORDS */
export function requireUserpass(fleet: Fleet) {
  const method = userpassOf(fleet);
  if (method !== undefined) return method;
  const other = fleet.signIn.find((each) => each.method === "userpass");
  const problem =
    other === undefined
      ? "the fleet file has no sign-in.userpass"
      : `sign-in.userpass is one that Vault had already (auth/${other.path}), with users of its own`;
  throw fail("PEOPLE_WITHOUT_PASSWORDS", { problem });
}
