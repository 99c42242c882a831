/** DNS records with the fingerprints of host keys: RFC 4255, RFC 6594, RFC 7479. */
import { createHash } from "node:crypto";
import type { SshKey } from "./public-key.js";

const algorithms: Readonly<Record<string, number>> = { "ssh-rsa": 1, "ssh-ed25519": 4 };

/**
 * The records of one key, as `ssh-keygen -r` prints them: SHA-1 and SHA-256. A resolver has to prove them with DNSSEC, or they prove
 * nothing.
 * @param name whose records they are
 * @returns none for a type of key that has no number
 */
export function sshfpRecords(name: string, { type, blob }: Pick<SshKey, "type" | "blob">): readonly string[] {
  const algorithm = type.startsWith("ecdsa-sha2-") ? 3 : algorithms[type];
  if (algorithm === undefined) return [];
  return (["sha1", "sha256"] as const).map(
    (hash, at) => `${name} IN SSHFP ${String(algorithm)} ${String(at + 1)} ${createHash(hash).update(blob).digest("hex")}`,
  );
}
