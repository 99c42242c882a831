import { createHash, verify } from "node:crypto";
import type { Certificate } from "./certificate.js";
import { coordinateSize, keyTypes, type KeyFields } from "./key-types.js";
import { decodeKeyBlob } from "./public-key.js";
import { WireReader } from "./wire.js";

interface Signature {
  readonly type: string;
  /** What stands behind the type. */
  readonly reader: WireReader;
  readonly signed: Buffer;
}

/**
 * Whether the key in the certificate's `signatureKey` made its signature: RFC 8332 (RSA with SHA-2), RFC 5656 (ECDSA),
 * RFC 8709 (Ed25519), PROTOCOL.u2f (both kinds of FIDO keys, without WebAuthn's form).
 *
 * An RSA signature with SHA-1 ("ssh-rsa") is false: OpenSSH's servers and clients do not accept it, though `ssh-keygen -L` does.
 * True says nothing about trust: whose key it is, and whether the certificate is valid now, are other questions.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseCertificate, parsePublicKey, verifySignature } from "ssh-trust";
 *
 * const ca = parsePublicKey(await readFile("user_ca.pub", "utf8"));
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * const trusted = certificate.signatureKey.fingerprint === ca.fingerprint && verifySignature(certificate);
 * console.log(trusted); // true
 * ```
 */
export function verifySignature(certificate: Pick<Certificate, "signatureKey" | "signature" | "signedPart">): boolean {
  return isSignedBy(certificate.signatureKey, certificate.signature, certificate.signedPart);
}

/**
 * Whether a plain key made a signature over these bytes; as `verifySignature` in all else.
 * @param signature RFC 4253, section 6.6: its type as a string, then the signature
 */
export function isSignedBy({ blob }: { readonly blob: Buffer }, signature: Buffer, signed: Buffer): boolean {
  try {
    const key = decodeKeyBlob(blob, malformed);
    const reader = new WireReader(signature, malformed);
    const made = { type: reader.text("type"), reader, signed };
    if (key.kind === "RSA") return verifyRsa(key, made);
    if (key.type !== made.type) return false;
    return key.application === undefined ? verifyPlain(key, made) : verifySecurityKey(key, key.application, made);
  } catch {
    // malformed, or numbers that OpenSSL cannot compute with
    return false;
  }
}

type Key = ReturnType<typeof decodeKeyBlob>;

function malformed(problem: string): Error {
  return new Error(problem);
}

const rsaHashes: ReadonlyMap<string, string> = new Map([
  ["rsa-sha2-256", "sha256"],
  ["rsa-sha2-512", "sha512"],
]);

function verifyRsa({ key, bits }: KeyFields, { type, reader, signed }: Signature): boolean {
  const hash = rsaHashes.get(type);
  const bytes = reader.string("signature");
  reader.end("signature");
  const size = Math.ceil(bits / 8);
  if (hash === undefined || bytes.length > size) return false;
  // some signers leave leading zeros out; OpenSSH puts them back
  const padded = Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
  return verify(hash, signed, key, padded);
}

function verifyPlain(key: Key, { type, reader, signed }: Signature): boolean {
  const bytes = readSignature(key, reader);
  reader.end("signature");
  return verify(keyTypes.get(type)?.hash, signed, { key: key.key, dsaEncoding: "ieee-p1363" }, bytes);
}

/** A FIDO key signs the hashes of its application and of the data, with its flags and its counter between them. */
function verifySecurityKey(key: Key, application: string, { type, reader, signed }: Signature): boolean {
  const bytes = readSignature(key, reader);
  const flags = reader.uint8("flags");
  const counter = reader.uint32("counter");
  reader.end("signature");
  const state = Buffer.alloc(5);
  state.writeUInt8(flags);
  state.writeUInt32BE(counter, 1);
  const message = Buffer.concat([sha256(application), state, sha256(signed)]);
  return verify(keyTypes.get(type)?.hash, message, { key: key.key, dsaEncoding: "ieee-p1363" }, bytes);
}

/** An Ed25519 signature as it is; an ECDSA one, two mpints r and s, as node:crypto wants it: both at full length. */
function readSignature({ kind, bits }: Key, reader: WireReader): Buffer {
  const bytes = reader.string("signature");
  if (!kind.startsWith("ECDSA")) return bytes;
  const numbers = new WireReader(bytes, malformed);
  const size = coordinateSize(bits);
  const halves = [numbers.mpint("r"), numbers.mpint("s")].map((number) => {
    if (number.length > size) throw malformed("a number in the signature is too large");
    return Buffer.concat([Buffer.alloc(size - number.length), number]);
  });
  numbers.end("signature");
  return Buffer.concat(halves);
}

function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
