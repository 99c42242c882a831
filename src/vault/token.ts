import { fail } from "../errors/catalogue.js";
import type { VaultSettings } from "../settings/vault.js";

/** The token, where one is needed. @throws VAULT_TOKEN_MISSING */
export function requireToken({ token, address }: Pick<VaultSettings, "token" | "address">): string {
  if (token === undefined) throw fail("VAULT_TOKEN_MISSING", { address });
  return token;
}
