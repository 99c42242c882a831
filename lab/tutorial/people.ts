/** Alice and Bob: where their keys are, and having them signed. */
import { join } from "node:path";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { fail } from "../../src/errors/catalogue.js";
import { userRole } from "../../src/roles.js";
import { lab as names, type Person, type Settings } from "../../src/settings.js";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { certificateToJson } from "../../src/ssh/describe-certificate.js";
import { checkPrivateKeyFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import { verifySignature } from "../../src/ssh/verify-signature.js";
import { parsePublicKey, type PublicKey } from "../../src/ssh/public-key.js";
import type { Lab } from "../lab.js";

export const privateKeyOf = (settings: Settings, person: Person) => join(settings.keysDir, `${person}_id_rsa`);
export const certificateOf = (settings: Settings, person: Person) => `${privateKeyOf(settings, person)}-cert.pub`;

/** @throws USER_UNKNOWN */
export function personNamed(name: string): Person {
  const person = names.people.find((candidate) => candidate === name);
  if (person === undefined) throw fail("USER_UNKNOWN", { user: name, known: names.people.join(", ") });
  return person;
}

/**
 * A duration as Vault writes it, in seconds.
 * @example parseTtl("1m0s") // 60
 * @throws TTL_INVALID for anything else, and for nothing at all: "0s"
 */
export function parseTtl(text: string): number {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s?)?$/.exec(text);
  const parts: readonly (string | undefined)[] = match ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0));
  const total = hours * 3600 + minutes * 60 + seconds;
  if (match === null || total === 0) throw fail("TTL_INVALID", { ttl: text });
  return total;
}

/**
 * Has a person's key signed by the user CA; the certificate lies beside the key, where ssh looks for it.
 * @param ttl seconds; the role's own where it is left out
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE, KEY_FILE_TOO_OPEN, KEY_NOT_PUBLIC, VAULT_SIGN_DENIED, CERTIFICATE_INVALID, …
 */
export async function signUserKey(lab: Lab, person: Person, ttl?: number): Promise<void> {
  const { settings, vault, progress } = lab;
  const privateKey = privateKeyOf(settings, person);
  await checkPrivateKeyFile(privateKey);
  const publicKey = await readPublicKeyFile(`${privateKey}.pub`);
  const line = await vault.sign(userRole, { publicKey: lineOf(publicKey), principals: userRole.principals, ttl });
  const certificate = parseCertificate(line);

  const ca = await vault.caPublicKey(userRole.mount);
  const problem =
    certificate.certType !== "user"
      ? "it is not a user certificate"
      : certificate.publicKeyFingerprint !== publicKey.fingerprint
        ? "it is for another key"
        : ca === undefined ||
            certificate.signatureKey.fingerprint !== parsePublicKey(ca).fingerprint ||
            !verifySignature(certificate)
          ? "the user CA did not sign it"
          : certificate.principals.join() !== userRole.principals.join()
            ? `its principals are ${certificate.principals.join()}`
            : undefined;
  if (problem !== undefined) throw fail("CERTIFICATE_INVALID", { what: `what Vault signed for ${person}`, problem });

  await writeFileAtomically(certificateOf(settings, person), `${line}\n`, 0o644);
  const { validFrom, validTo, serial } = certificateToJson(certificate);
  progress.say(
    `ssh-keys/${person}_id_rsa-cert.pub: ${person} may log in as ${certificate.principals.join()} ` +
      `from ${validFrom} to ${validTo} (serial ${serial})`,
  );
}

const lineOf = ({ type, blob, comment }: PublicKey) => `${type} ${blob.toString("base64")} ${comment}`.trim();
