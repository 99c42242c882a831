/** Whether a CA signed what it was asked to sign: nothing of its answer is believed that was not looked at. */
import { parseCertificate, type Certificate } from "./certificate.js";
import { isValidAt } from "./certificate-validity.js";
import type { SshKey } from "./public-key.js";
import { verifySignature } from "./verify-signature.js";

export interface Asked {
  readonly certificates: "user" | "host";
  readonly publicKey: Pick<SshKey, "fingerprint">;
  readonly principals: readonly string[];
  /** What the certificate may permit: users' extensions by name. */
  readonly extensions: readonly string[];
  /** The CA that is asked. */
  readonly ca: Pick<SshKey, "fingerprint">;
}

/**
 * Why a certificate is not what was asked for; undefined where it is. It must be for this key, by this CA, for exactly these
 * principals, without critical options, and valid now.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseCertificate, parsePublicKey, problemOfSigned } from "ssh-trust";
 *
 * const asked = {
 *   certificates: "user",
 *   publicKey: parsePublicKey(await readFile("id_ed25519.pub", "utf8")),
 *   principals: ["deploy"],
 *   extensions: ["permit-pty"],
 *   ca: parsePublicKey(await readFile("user_ca.pub", "utf8")),
 * } as const;
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * console.log(problemOfSigned(certificate, asked, new Date())); // undefined
 * console.log(problemOfSigned(certificate, { ...asked, principals: ["root"] }, new Date())); // its principals are deploy
 * ```
 */
export function problemOfSigned(certificate: Certificate, asked: Asked, now: Date): string | undefined {
  const { certType, publicKeyFingerprint, signatureKey, principals, options } = certificate;
  const sorted = (names: readonly string[]) => [...names].sort().join("\n");
  if (certType !== asked.certificates) return `it is not a ${asked.certificates} certificate`;
  if (publicKeyFingerprint !== asked.publicKey.fingerprint) return "it is for another key";
  if (signatureKey.fingerprint !== asked.ca.fingerprint || !verifySignature(certificate)) return "the CA did not sign it";
  if (sorted(principals) !== sorted(asked.principals)) return `its principals are ${principals.join(", ") || "none"}`;
  if (options.critical.length > 0) return `it has the critical option ${options.critical[0]?.name ?? ""}`;
  const more = options.extensions.find(({ name }) => !asked.extensions.includes(name));
  if (more !== undefined) return `it permits ${more.name}`;
  return isValidAt(certificate, now) ? undefined : "it is not valid now; is the clock right?";
}

/** Reads what a CA answered. @throws CERTIFICATE_INVALID */
export const readSigned = (line: string, by: string): Certificate =>
  parseCertificate(line, `what ${by} signed`, [
    { say: "check that the address is that of a Vault or an OpenBao server, and that no proxy between answers in its place" },
  ]);
