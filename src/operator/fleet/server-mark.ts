/** Which server a state is of: the state of another one would have Terraform make, and forget, the wrong things. */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import type { VaultSettings } from "../../settings/vault.js";

const mark = z.object({ address: z.string(), namespace: z.string(), cluster: z.string() });

/** Kept in Terraform's state, as an output: it goes wherever the state goes. */
export type ServerMark = z.infer<typeof mark>;

/** @param cluster the server's own id, which no two have */
export const markOf = ({ vault, namespace = "" }: Pick<Fleet, "vault" | "namespace">, cluster: string): ServerMark => ({
  address: vault, // by the file: a machine may have a way of its own to it
  namespace,
  cluster,
});

/** The server that a state is of, where that is not this one. @param kept what the state holds */
export function otherServerIn(kept: unknown, now: ServerMark): ServerMark | undefined {
  const { data } = mark.safeParse(kept);
  return data === undefined || isDeepStrictEqual({ ...data, address: "" }, { ...now, address: "" }) ? undefined : data;
}

/**
 * One that was set up anew at the same address is passed: it gets all that it lacks.
 * @throws FLEET_OTHER_SERVER
 */
export function refuseOtherServer(before: ServerMark, now: ServerMark, { address }: Pick<VaultSettings, "address">): void {
  const setUpAnew = before.address === now.address && address === now.address && before.namespace === now.namespace;
  if (!setUpAnew) throw fail("FLEET_OTHER_SERVER", { before: spoken(before, before.address), now: spoken(now, address) });
}

const spoken = ({ namespace, cluster }: ServerMark, address: string): string =>
  `${address} (${namespace === "" ? "" : `namespace ${namespace}, `}cluster ${cluster})`;
