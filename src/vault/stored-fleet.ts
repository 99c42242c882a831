/** The fleet that was applied, as Vault's store has it: whoever works with hosts or signs in needs no fleet file. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import { readStored, type StoredFleet } from "../fleet/stored.js";
import { fleetEntry, store } from "../fleet/vault-names.js";
import type { VaultApi } from "./api.js";

const entry = z.object({ data: z.object({ data: z.unknown() }) });

/** @throws FLEET_NOT_APPLIED; FLEET_STORE_UNKNOWN where this version cannot read it; what Vault refuses */
export async function readStoredFleet(api: VaultApi): Promise<StoredFleet> {
  const path = `${store}/data/${fleetEntry}`;
  const found = await api.read(path, entry);
  if (found === undefined) throw fail("FLEET_NOT_APPLIED", { address: api.address, path });
  const stored = readStored(found.data.data);
  if (stored === undefined) throw fail("FLEET_STORE_UNKNOWN", { path });
  return stored;
}
