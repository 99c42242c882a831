/** One certificate: ssh-keygen signs it, and it is read back before anybody gets it. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { fail, reasonOf } from "../errors/catalogue.js";
import type { Certificate } from "../ssh/certificate.js";
import { readCertificateFile } from "../ssh/key-file.js";
import { shellWord } from "../ground/shell-word.js";
import { verifySignature } from "../ssh/verify-signature.js";
import type { OfferedKey } from "./incoming.js";
import { runKeygen } from "./keygen.js";
import { caTypeOf, stemOf } from "./layout.js";
import type { Subject } from "./names.js";
import { caKey, openPrivateKey, type OfflineCa } from "./open.js";
import { isoSeconds, type Validity } from "./validity.js";

/** All that a certificate says. */
export interface Order {
  readonly subject: Subject;
  readonly key: OfferedKey;
  readonly serial: bigint;
  readonly identity: string;
  readonly validity: Validity;
  /** Flags such as "permit-pty"; users only. */
  readonly extensions: readonly string[];
}

export interface SignedKey {
  readonly order: Order;
  /** In the draft's folder, beside its public key. */
  readonly file: string;
  readonly certificate: Certificate;
}

/**
 * @param folder where it is drafted; nobody else writes there
 * @throws OFFLINE_CA_SIGNING_FAILED, OFFLINE_CA_PASSPHRASE_WRONG, and what opening the CA's key throws
 */
export async function signKey(ca: OfflineCa, order: Order, passphrase: string, folder: string): Promise<SignedKey> {
  const { subject, key } = order;
  const signerType = caTypeOf(key.type);
  const { file: signer } = await openPrivateKey(ca, subject.kind, signerType);
  const stem = join(folder, stemOf(subject.kind, key.type));
  const { type, blob, comment } = key.publicKey;
  await writeFileAtomically(`${stem}.pub`, `${[type, blob.toString("base64"), comment].join(" ").trim()}\n`, 0o644);
  const { failed, reason } = await runKeygen(keygenArguments(order, signer, `${stem}.pub`), [passphrase]);
  if (/incorrect passphrase/.test(reason)) throw fail("OFFLINE_CA_PASSPHRASE_WRONG", { file: shellWord(signer) });
  if (failed) throw fail("OFFLINE_CA_SIGNING_FAILED", { file: key.file, reason });
  const file = `${stem}-cert.pub`;
  await chmod(file, 0o644);
  try {
    const certificate = await readCertificateFile(file);
    checkSigned(certificate, order, caKey(ca, subject.kind, signerType).publicKey.fingerprint);
    return { order, file, certificate };
  } catch (error) {
    throw fail("OFFLINE_CA_SIGNING_FAILED", { file: key.file, reason: reasonOf(error) }, error);
  }
}

/** ssh-keygen(1), CERTIFICATES. The files are paths of ours, and every text was checked: none begins with "-" or holds a comma. */
function keygenArguments(
  { subject, key, serial, identity, validity, extensions }: Order,
  signer: string,
  file: string,
): string[] {
  const options = subject.kind === "host" ? ["-h"] : ["clear", ...extensions].flatMap((option) => ["-O", option]);
  const algorithm = key.type === "rsa" ? ["-t", "rsa-sha2-512"] : [];
  const interval = [validity.after, validity.before].map(keygenTime).join(":");
  const names = subject.principals.join(",");
  return ["-q", "-s", signer, ...options, ...algorithm, "-I", identity, "-n", names, "-V", interval, "-z", String(serial), file];
}

/** YYYYMMDDHHMMSS; runKeygen sees to it that this is UTC. */
const keygenTime = (seconds: number) => isoSeconds(seconds).replace(/[-:TZ]/g, "");

/** Holds every field of a certificate against what was ordered. */
function checkSigned(
  certificate: Certificate,
  { subject, key, serial, identity, validity, extensions }: Order,
  signer: string,
): void {
  const flags = (options: ReadonlyMap<string, string>) => [...options].map((entry) => entry.join("")).sort();
  const fields: readonly (readonly [field: string, is: unknown, ordered: unknown])[] = [
    ["kind", certificate.certType, subject.kind],
    ["key type", certificate.keyType, key.publicKey.type],
    ["public key", certificate.publicKeyFingerprint, key.publicKey.fingerprint],
    ["serial", certificate.serial, serial],
    ["identity", certificate.keyId, identity],
    ["principals", certificate.principals.join(), subject.principals.join()],
    ["start", certificate.validAfter, BigInt(validity.after)],
    ["end", certificate.validBefore, BigInt(validity.before)],
    ["critical options", flags(certificate.criticalOptions).join(), ""],
    ["extensions", flags(certificate.extensions).join(), [...extensions].sort().join()],
    ["signing CA", certificate.signatureKey.fingerprint, signer],
    ["signature", verifySignature(certificate), true],
  ];
  for (const [field, is, ordered] of fields) {
    if (is !== ordered) throw new Error(`it signed the ${field} ${String(is)}, not ${String(ordered)}`);
  }
}
