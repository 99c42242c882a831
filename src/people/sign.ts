/** Having a person's key signed by Vault. */
import { fail } from "../errors/catalogue.js";
import { formatDuration } from "../ground/duration.js";
import { moment } from "../ground/moment.js";
import type { SshRole } from "../roles.js";
import type { AgentClient } from "../ssh/agent/client.js";
import type { EphemeralKey } from "../ssh/agent/ephemeral-key.js";
import type { Certificate } from "../ssh/certificate.js";
import { isValidAt } from "../ssh/certificate-validity.js";
import { problemOfSigned, readSigned } from "../ssh/check-signed.js";
import { splitKeyLine } from "../ssh/key-line.js";
import { keyLine, parsePublicKey, type PublicKey, type SshKey } from "../ssh/public-key.js";
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
 * @throws CERTIFICATE_UNEXPECTED where it is not what was asked for, CLOCK_DIFFERS, CERTIFICATE_INVALID, CA_NOT_GENERATED, and what VaultClient.sign throws
 * @example
 * ```ts
 * import { readFile, writeFile } from "node:fs/promises";
 * import { connectVault, parsePublicKey, readVaultSettings, signKey, type SshRole } from "ssh-trust";
 *
 * const settings = readVaultSettings(); // VAULT_ADDR and VAULT_TOKEN
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const role: SshRole = {
 *   mount: "user-ssh",
 *   name: "user-ssh",
 *   certificates: "user",
 *   principals: ["admin-ssh-user"],
 *   ttl: 900,
 *   maxTtl: 3600,
 *   extensions: { "permit-pty": "" },
 * };
 * const publicKey = parsePublicKey(await readFile("id_ed25519.pub", "utf8"));
 * const signed = await signKey(connectVault(settings), role, { publicKey, principals: role.principals, ttl: 300 });
 * await writeFile("id_ed25519-cert.pub", `${signed.line}\n`);
 * console.log(signed.certificate.principals.join()); // admin-ssh-user
 * ```
 */
export async function signKey(vault: VaultClient, role: SshRole, request: SignKeyRequest): Promise<SignedKey> {
  const signed = await sign(vault, role, request);
  const ca = parsePublicKey(await vault.requireCaPublicKey(role.mount), `the CA key of ${role.mount}`);
  return checked(vault, role, request, signed, ca);
}

/**
 * The same where it is known which CAs are trusted: that takes one request.
 * @throws as signKey
 */
export async function signKeyByTrusted(
  vault: VaultClient,
  role: SshRole,
  request: SignKeyRequest,
  cas: readonly SshKey[],
): Promise<SignedKey> {
  const signed = await sign(vault, role, request);
  const { fingerprint } = signed.certificate.signatureKey;
  const ca = cas.find((each) => each.fingerprint === fingerprint);
  if (ca === undefined)
    throw fail("CERTIFICATE_UNEXPECTED", { problem: `it is signed by ${fingerprint}, which the fleet's hosts do not trust` });
  return checked(vault, role, request, signed, ca);
}

async function sign(vault: VaultClient, role: SshRole, { publicKey, principals, ttl }: SignKeyRequest): Promise<SignedKey> {
  const line = await vault.sign(role, { publicKey: keyLine(publicKey), principals, ttl });
  return { certificate: readSigned(line, "Vault"), line };
}

async function checked(
  vault: VaultClient,
  role: SshRole,
  { publicKey, principals }: SignKeyRequest,
  signed: SignedKey,
  ca: SshKey,
): Promise<SignedKey> {
  const extensions = Object.keys(role.extensions);
  const asked = { certificates: role.certificates, publicKey, principals, extensions, ca };
  const now = new Date();
  const problem = problemOfSigned(signed.certificate, asked, now);
  if (problem === undefined) return signed;
  if (!isValidAt(signed.certificate, now)) await checkClock(vault, now);
  throw fail("CERTIFICATE_UNEXPECTED", { problem });
}

/** Vault's clock is read to a second, and an answer takes a moment. In seconds. */
const leeway = 5;

/** @throws CLOCK_DIFFERS */
async function checkClock(vault: VaultClient, now: Date): Promise<void> {
  const theirs = await vault.now().catch(() => now); // the certificate is refused anyway
  const ahead = Math.round((now.getTime() - theirs.getTime()) / 1000);
  if (Math.abs(ahead) <= leeway) return;
  const by = `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"}`;
  throw fail("CLOCK_DIFFERS", { by, theirs: moment(theirs) });
}

/**
 * Gives an agent a key with its certificate, until that expires.
 * @returns the certificate in its wire form
 * @throws LOGIN_AGENT_FAILED
 */
export async function addSigned(agent: AgentClient, key: EphemeralKey, { certificate, line }: SignedKey): Promise<Buffer> {
  const left = Number(certificate.validBefore) - Math.floor(Date.now() / 1000);
  const { blob } = splitKeyLine(line, (reason) => fail("LOGIN_AGENT_FAILED", { reason }));
  await agent.add(key, blob, certificate.keyId, Math.max(1, left));
  return blob;
}
