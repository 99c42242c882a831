/** What hosts are told of Vault's TLS. */
import type { StoredFleet } from "../../fleet/stored.js";
import type { VaultSettings } from "../../settings/vault.js";
import { tlsForOthers } from "../../vault/own-tls.js";
import type { VaultTls } from "./files.js";

/** @throws SETTING_INVALID */
export const tlsForHosts = (
  settings: Pick<VaultSettings, "address" | "tls">,
  { fleet }: Pick<StoredFleet, "fleet">,
): Promise<VaultTls> => tlsForOthers(settings, fleet.vault);
