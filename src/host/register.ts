/** Hosts that cannot be enrolled: an operator gives their keys, and the directory tells them to people. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { StoredFleet } from "../fleet/stored.js";
import type { PublicKey } from "../ssh/public-key.js";
import type { VaultApi } from "../vault/api.js";
import { writeIfUnchanged } from "../vault/check-and-set.js";
import { isKeptOut, roleOfHost } from "./app-role.js";
import { domainOfHost, entryOf } from "./host.js";
import { readUncertified, toRegister, uncertifiedEntryOf, uncertifiedMetadataOf, type RegisteredEntry } from "./uncertified.js";

export interface KeysToRegister {
  readonly name: string;
  readonly keys: readonly PublicKey[];
  /** What is stored by now; undefined: nothing. */
  readonly before: RegisteredEntry | undefined;
  /** The keys that are stored, and are given again or not; none where they cannot be read. */
  readonly known: readonly PublicKey[];
  /** Stores the keys. @throws HOST_KEYS_CHANGED: somebody else stored others since; HOST_ENROLLED: it was enrolled meanwhile */
  readonly store: () => Promise<void>;
}

const metadata = z.object({ data: z.object({ current_version: z.number().int() }) });

/**
 * Looks whether the keys of a host can be registered, and changes nothing.
 * @param name the host's full name, below one of the fleet's domains; no group has to have it
 * @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP; HOST_ENROLLED, HOST_ENROLLED_BEFORE; what Vault refuses
 */
export async function keysToRegister(
  api: VaultApi,
  { fleet }: StoredFleet,
  name: string,
  keys: readonly PublicKey[],
): Promise<KeysToRegister> {
  const domain = domainOfHost(fleet, name);
  const refuseEnrolled = async () => {
    const role = await roleOfHost(api, name, domain);
    if (role === undefined) return;
    if (isKeptOut(role)) throw fail("HOST_ENROLLED_BEFORE", { name, why: "it was removed, and is blocked" });
    throw fail("HOST_ENROLLED", { name });
  };
  await refuseEnrolled();
  if ((await api.read(entryOf(name), z.unknown())) !== undefined)
    throw fail("HOST_ENROLLED_BEFORE", { name, why: "it has no identity any more, but what it said of itself is still there" });
  // The count first, as it goes on where the last version was deleted. Read after the keys, it would be that of keys which somebody
  // stored in between, and they would be written over unseen.
  const count = (await api.read(uncertifiedMetadataOf(name), metadata))?.data.current_version ?? 0;
  const before = await readUncertified(api, name);
  const version = before?.version ?? count;
  return {
    ...{ name, keys, before, known: keysOf(before) },
    async store() {
      if (!(await writeIfUnchanged(api, uncertifiedEntryOf(name), toRegister(name, keys), version)))
        throw fail("HOST_KEYS_CHANGED", { name });
      try {
        await refuseEnrolled();
      } catch (error) {
        if (before === undefined) await api.delete(uncertifiedMetadataOf(name));
        throw error;
      }
    },
  };
}

/** Those of a record that can be read. */
export const keysOf = (registered: RegisteredEntry | undefined): readonly PublicKey[] =>
  registered === undefined || "problem" in registered.entry
    ? []
    : registered.entry.read.keys.flatMap((key) => ("read" in key ? [key.read] : []));
