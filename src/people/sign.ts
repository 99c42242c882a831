/** Having a person's key signed by Vault. */
import { fail } from "../errors/catalogue.js";
import type { SshRole } from "../roles.js";
import type { Certificate } from "../ssh/certificate.js";
import { problemOfSigned, readSigned } from "../ssh/check-signed.js";
import { keyLine, parsePublicKey, type PublicKey } from "../ssh/public-key.js";
import type { SignRequest, VaultClient } from "../vault/vault-client.js";

export interface SignKeyRequest extends Omit<SignRequest, "publicKey"> {
  readonly publicKey: PublicKey;
}

export interface SignedKey {
  readonly certificate: Certificate;
  /** As a `-cert.pub` file has it, without a line break. */
  readonly line: string;
}

/**
 * Has a public key signed, and looks at what comes back before anybody uses it.
 * @throws CERTIFICATE_UNEXPECTED where it is not what was asked for, CERTIFICATE_INVALID, CA_NOT_GENERATED, and what VaultClient.sign throws
 */
export async function signKey(vault: VaultClient, role: SshRole, request: SignKeyRequest): Promise<SignedKey> {
  const { publicKey, principals, ttl } = request;
  const line = await vault.sign(role, { publicKey: keyLine(publicKey), principals, ttl });
  const certificate = readSigned(line, "Vault");
  const ca = parsePublicKey(await vault.requireCaPublicKey(role.mount), `the CA key of ${role.mount}`);
  const extensions = Object.keys(role.extensions);
  const asked = { certificates: role.certificates, publicKey, principals, extensions, ca };
  const problem = problemOfSigned(certificate, asked, new Date());
  if (problem !== undefined) throw fail("CERTIFICATE_UNEXPECTED", { problem });
  return { certificate, line };
}
