/** The one rule for keys that are too weak. */
import type { SshKey } from "./public-key.js";

/** NIST SP 800-131A: 112 bits of security, which RSA has from 2048 bits on. Every other type that this toolkit reads has more. */
const leastRsaBits = 2048;

/** Why a key is too weak, in one clause; undefined where it is not. */
export function weaknessOf({ kind, bits }: Pick<SshKey, "kind" | "bits">): string | undefined {
  if (kind !== "RSA" || bits >= leastRsaBits) return undefined;
  return `an RSA key of ${String(bits)} bits is too small`;
}
