/** Certificates by a rule of the fleet. */
import { fail } from "../../errors/catalogue.js";
import type { AccessRule } from "../../fleet/fleet.js";
import { userRoleOf } from "../../fleet/user-role.js";
import { principalOf, roleOf } from "../../fleet/vault-names.js";
import { parsePublicKey, type PublicKey } from "../../ssh/public-key.js";
import { connectVault } from "../../vault/client.js";
import { signKey, type SignedKey } from "../sign.js";
import type { SignedIn } from "../signed-in.js";

export interface CertifyRequest {
  readonly rule: AccessRule;
  readonly accounts: readonly string[];
  readonly publicKey: PublicKey;
  /** Seconds; the rule's own where it is left out. */
  readonly ttl?: number | undefined;
}

/**
 * Has a key signed by a rule, for accounts of it.
 * @throws as signKey; CERTIFICATE_UNEXPECTED where the fleet's hosts do not trust the CA that signed
 */
export async function certify({ settings, stored }: SignedIn, request: CertifyRequest): Promise<SignedKey> {
  const { rule, accounts, publicKey, ttl } = request;
  const principals = accounts.map((account) => principalOf(account, rule.on));
  const role = userRoleOf(stored.fleet, rule, roleOf(rule), rule.for);
  const signed = await signKey(connectVault(settings), role, { publicKey, principals, ttl });
  const ca = signed.certificate.signatureKey.fingerprint;
  const trusted = stored.cas.user.map((line) => parsePublicKey(line, "a CA of the fleet").fingerprint);
  if (trusted.includes(ca)) return signed;
  throw fail("CERTIFICATE_UNEXPECTED", { problem: `it is signed by ${ca}, which the fleet's hosts do not trust` });
}
