/** Somebody who is signed in, and what they need to know. */
import type { StoredFleet } from "../fleet/stored.js";
import type { VaultSettings } from "../settings/vault.js";
import type { Me } from "./me.js";

export interface SignedIn {
  /** Where, and with which token. */
  readonly settings: VaultSettings & { readonly token: string };
  readonly me: Me;
  /** The fleet as it was applied. */
  readonly stored: StoredFleet;
}
