/** Alice and Bob: where their keys are, and having them signed. */
import { join } from "node:path";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import { userRole } from "../roles.js";
import type { LabSettings } from "../settings/lab.js";
import { signKey } from "../../src/people/sign.js";
import { people, type Person } from "../story.js";
import { certificateToJson } from "../../src/ssh/describe-certificate.js";
import { checkPrivateKeyFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import type { Lab } from "../lab.js";

export const privateKeyOf = (settings: LabSettings, person: Person) => join(settings.keysDir, `${person}_id_rsa`);
export const certificateOf = (settings: LabSettings, person: Person) => `${privateKeyOf(settings, person)}-cert.pub`;

/** @throws USER_UNKNOWN */
export function personNamed(name: string): Person {
  const person = people.find((candidate) => candidate === name);
  if (person === undefined) throw fail("USER_UNKNOWN", { user: name, known: people.join(", ") });
  return person;
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
  const { certificate, line } = await signKey(vault, userRole, { publicKey, principals: userRole.principals, ttl });

  await writeFileAtomically(certificateOf(settings, person), `${line}\n`, 0o644);
  const { validFrom, validTo, serial } = certificateToJson(certificate);
  progress.say(
    `${settings.names.keys}/${person}_id_rsa-cert.pub: ${person} may log in as ${certificate.principals.join()} ` +
      `from ${validFrom} to ${validTo} (serial ${serial})`,
  );
}
