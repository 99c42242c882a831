/** Certificates by a rule of the fleet. */
import type { AccessRule } from "../../fleet/fleet.js";
import { userRoleOf } from "../../fleet/user-role.js";
import { principalOf, reserveRoleOf, roleOf } from "../../fleet/vault-names.js";
import { parsePublicKey, type PublicKey } from "../../ssh/public-key.js";
import { connectVault } from "../../vault/client.js";
import type { VaultClient } from "../../vault/vault-client.js";
import { signKeyByTrusted, type SignedKey } from "../sign.js";
import type { SignedIn } from "../signed-in.js";

export interface CertifyRequest {
  readonly rule: AccessRule;
  readonly accounts: readonly string[];
  readonly publicKey: PublicKey;
  /** Seconds; the rule's own where it is left out. */
  readonly ttl?: number | undefined;
  /** By the rule's reserve, which is for the time when Vault does not answer; the rule has one. */
  readonly reserve?: boolean;
}

/**
 * Has a key signed by a rule, for accounts of it.
 * @param vault kept by whoever has many keys signed
 * @throws as signKey; CERTIFICATE_UNEXPECTED where the fleet's hosts do not trust the CA that signed
 */
export async function certify(
  { settings, stored }: SignedIn,
  { rule, accounts, publicKey, ttl, reserve = false }: CertifyRequest,
  vault: VaultClient = connectVault(settings),
): Promise<SignedKey> {
  const principals = accounts.map((account) => principalOf(account, rule.on));
  const role = reserve
    ? userRoleOf(stored.fleet, rule, reserveRoleOf(rule), rule.reserve ?? rule.for)
    : userRoleOf(stored.fleet, rule, roleOf(rule), rule.for);
  const trusted = stored.cas.user.map((line) => parsePublicKey(line, "a CA of the fleet"));
  return signKeyByTrusted(vault, role, { publicKey, principals, ttl }, trusted);
}
