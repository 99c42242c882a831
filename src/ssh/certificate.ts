import { fail } from "../errors/catalogue.js";
import { readOptions, valuesOf, type CertificateOption } from "./certificate-options.js";
import type { Hint } from "../errors/hint.js";
import { hintForCertificate, type CertificateForm } from "./certificate-hints.js";
import { splitKeyLine } from "./key-line.js";
import { certificateTypes, keyTypes } from "./key-types.js";
import { fingerprint, readKeyBlob, type SshKey } from "./public-key.js";
import { WireReader, wireString, type Refuse } from "./wire.js";

/** An SSH certificate: OpenSSH's PROTOCOL.certkeys, "New public key formats". Times are seconds since 1970, UTC. */
export interface Certificate {
  /** Such as "ssh-ed25519-cert-v01@openssh.com". */
  readonly type: string;
  /** The type of the key it certifies, such as "ssh-ed25519". */
  readonly keyType: string;
  /** The key it certifies: that of the plain `.pub` file. */
  readonly publicKey: SshKey;
  /** The fingerprint of `publicKey`. */
  readonly publicKeyFingerprint: string;
  readonly certType: "user" | "host";
  /** 0 where the CA does not number its certificates. */
  readonly serial: bigint;
  /** What sshd writes into its log. */
  readonly keyId: string;
  /** User names or host names. Empty: valid for any, until OpenSSH 10.3. */
  readonly principals: readonly string[];
  /** 0: always was; see `validFrom`. */
  readonly validAfter: bigint;
  /** The first second at which it is no longer valid. 2^64 − 1: never ends; see `validTo`. */
  readonly validBefore: bigint;
  /** By name; a flag's value is "". A name that is there twice has its first value: see `options`. */
  readonly criticalOptions: ReadonlyMap<string, string>;
  readonly extensions: ReadonlyMap<string, string>;
  /** Both of them just as they were sent. */
  readonly options: { readonly critical: readonly CertificateOption[]; readonly extensions: readonly CertificateOption[] };
  /** The CA's key. That it is there says nothing: compare it with one you trust, and call `verifySignature`. */
  readonly signatureKey: SshKey;
  /** Such as "rsa-sha2-512" or "ssh-ed25519". */
  readonly signatureType: string;
  readonly nonce: Buffer;
  /** Without a meaning so far. */
  readonly reserved: Buffer;
  /** The bytes that the signature is over. */
  readonly signedPart: Buffer;
  /** RFC 4253, section 6.6: the signature's type as a string, then the signature. */
  readonly signature: Buffer;
}

/** SSHKEY_CERT_MAX_PRINCIPALS of OpenSSH. */
const mostPrincipals = 256;

/**
 * Reads one line of a `-cert.pub` file, as strictly as `ssh-keygen -L`, but without verifying its signature:
 * that is `verifySignature`. The order of options is not looked at, as in OpenSSH.
 *
 * Stricter than OpenSSH: texts must be UTF-8 without a zero byte, numbers must be in their shortest form.
 * @param what what the line is, for the error: the file's name, unless `how` is given
 * @param how what helps if it is no certificate; by default, what is said of a file
 * @throws CERTIFICATE_INVALID
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseCertificate } from "ssh-trust";
 *
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * console.log(certificate.certType, certificate.keyId, certificate.principals.join()); // user alice deploy
 * console.log([...certificate.extensions.keys()].join()); // permit-pty
 * ```
 */
export function parseCertificate(line: string, what?: string, how?: Hint): Certificate {
  const refusal = (problem: string, form: CertificateForm) =>
    fail("CERTIFICATE_INVALID", { what: what ?? "the line", problem, how: how ?? hintForCertificate(form, what) });
  const refuse: Refuse = (problem, form = "damaged") => refusal(problem, form);
  const { type, blob } = splitKeyLine(line, refuse);
  if (!certificateTypes.has(type)) throw refusal(`it is a plain public key (${type})`, "plain");
  return readCertificateBlob(blob, refuse);
}

/** Reads a certificate's wire form, which must end where the certificate does; all else is as with `parseCertificate`. */
export function readCertificateBlob(blob: Buffer, refuse: Refuse): Certificate {
  const reader = new WireReader(blob, refuse);
  const type = reader.text("type");
  const keyType = certificateTypes.get(type);
  const certified = keyTypes.get(keyType ?? "");
  if (keyType === undefined || certified === undefined) throw refuse("it is not a certificate of a type that ssh-trust knows");
  const nonce = reader.string("nonce");
  const keyStart = reader.offset;
  const { bits } = certified.read(reader, refuse);
  const keyBlob = Buffer.concat([wireString(keyType), blob.subarray(keyStart, reader.offset)]);
  const publicKey = { type: keyType, kind: certified.kind, bits, fingerprint: fingerprint(keyBlob), blob: keyBlob };

  const serial = reader.uint64("serial");
  const certType = readCertType(reader.uint32("certificate type"), refuse);
  const keyId = reader.text("key id");
  const principals = readPrincipals(reader.string("list of principals"), refuse);
  const validAfter = reader.uint64("start of validity");
  const validBefore = reader.uint64("end of validity");
  const critical = readOptions(reader.string("list of critical options"), "critical option", refuse);
  const extensions = readOptions(reader.string("list of extensions"), "extension", refuse);
  const reserved = reader.string("reserved field");
  const signatureKey = readKeyBlob(reader.string("CA key"), (problem) => refuse(`its CA key: ${problem}`));
  const signedPart = blob.subarray(0, reader.offset);
  const signature = reader.string("signature");
  reader.end("certificate");
  const signatureType = new WireReader(signature, refuse).text("signature's type");

  return {
    type,
    keyType,
    publicKey,
    publicKeyFingerprint: publicKey.fingerprint,
    certType,
    serial,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions: valuesOf(critical),
    extensions: valuesOf(extensions),
    options: { critical, extensions },
    signatureKey,
    signatureType,
    nonce,
    reserved,
    signedPart,
    signature,
  };
}

function readCertType(value: number, refuse: Refuse): "user" | "host" {
  if (value === 1) return "user";
  if (value === 2) return "host";
  throw refuse(`its certificate type is ${String(value)}, neither 1 (user) nor 2 (host)`);
}

function readPrincipals(list: Buffer, refuse: Refuse): string[] {
  const reader = new WireReader(list, refuse);
  const principals: string[] = [];
  while (!reader.atEnd) principals.push(reader.text("principal"));
  if (principals.length > mostPrincipals) throw refuse(`it has more than ${String(mostPrincipals)} principals`);
  return principals;
}
