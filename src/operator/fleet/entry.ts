/** The fleet's entry in Vault's store: what clients read, and what the next apply compares with. */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { readStored, toStore, type StoredFleet } from "../../fleet/stored.js";
import { fleetEntry, store } from "../../fleet/vault-names.js";
import type { VaultSettings } from "../../settings/vault.js";
import { openVaultApi, type VaultApi } from "../../vault/api.js";
import { connectVault } from "../../vault/client.js";
import type { VaultClient } from "../../vault/vault-client.js";
import { writeIfUnchanged } from "../../vault/check-and-set.js";
import type { Step } from "./step.js";

const entryPath = `${store}/data/${fleetEntry}`;
const entry = z.object({ data: z.object({ data: z.unknown(), metadata: z.object({ version: z.number() }) }) });

export interface Entry {
  /** Undefined: there is none, or one that this version cannot read, and that may be replaced. */
  readonly stored: StoredFleet | undefined;
  /** Of Vault's, for the next write; undefined where nothing is there. */
  readonly version: number | undefined;
}

/**
 * @param mayReplace whether one that this version cannot read is passed over
 * @throws FLEET_STORE_UNKNOWN: without it, nobody knows which keys the clients trust
 */
export async function readEntry(api: VaultApi, mayReplace: boolean): Promise<Entry> {
  const found = (await api.read(entryPath, entry))?.data;
  const stored = readStored(found?.data);
  if (found !== undefined && stored === undefined && !mayReplace) throw fail("FLEET_STORE_UNKNOWN", { path: entryPath });
  return { stored, version: found?.metadata.version };
}

/** What is looked at again before clients are told: somebody may have changed it while the apply was asked about. */
export interface BeforeTelling {
  /** The key of a mount, which has to be the one that was planned with. */
  readonly requireAgreed: (mount: string) => Promise<string>;
  readonly refuseForeignRoles: () => Promise<void>;
}

/** Writes the fleet with the CAs' keys, where what is there differs. */
export function entryStep(api: VaultApi, fleet: Fleet, { stored, version }: Entry, before: BeforeTelling): Step {
  return {
    what: `the entry ${entryPath}, which clients read`,
    async take() {
      await before.refuseForeignRoles();
      const wanted = toStore(fleet, {
        host: [await before.requireAgreed(fleet.mounts.hostCa)],
        user: [await before.requireAgreed(fleet.mounts.userCa)],
      });
      if (isSame(stored, wanted)) return;
      if (await writeIfUnchanged(api, entryPath, wanted, version ?? 0)) return;
      const gone = version === undefined && (await readEntry(api, true)).version === undefined;
      if (!gone) throw fail("FLEET_STORE_CHANGED", { path: entryPath });
      await api.write(entryPath, { options: {}, data: wanted }, z.unknown()); // what was deleted still has its versions
    },
  };
}

/** Whether the entry is up to date; only where both CAs have their keys. */
export async function isEntryCurrent(vault: VaultClient, fleet: Fleet, { stored }: Entry): Promise<boolean> {
  const [host, user] = await Promise.all([fleet.mounts.hostCa, fleet.mounts.userCa].map((mount) => vault.caPublicKey(mount)));
  return host !== undefined && user !== undefined && isSame(stored, toStore(fleet, { host: [host], user: [user] }));
}

/** Whether this fleet was applied: the entry is written last. What was changed in Vault since then is not looked at. */
export const isFleetApplied = async (settings: VaultSettings, fleet: Fleet): Promise<boolean> =>
  isEntryCurrent(connectVault(settings), fleet, await readEntry(openVaultApi(settings), true));

/** As Vault keeps them: without what is undefined. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
