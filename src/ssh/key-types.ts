import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Refuse, WireReader } from "./wire.js";

/** The short names that `ssh-keygen -l` and `-L` print. */
export type KeyKind = "RSA" | "ECDSA" | "ED25519" | "ECDSA-SK" | "ED25519-SK";

/** What the fields of a public key say. */
export interface KeyFields {
  /** As `ssh-keygen -l` counts them: the RSA modulus, the curve's size, 256 for Ed25519. */
  readonly bits: number;
  /** For node:crypto. */
  readonly key: KeyObject;
  /** The FIDO application, such as "ssh:"; security keys only. */
  readonly application?: string;
}

export interface KeyType {
  readonly kind: KeyKind;
  /** The hash of its signatures; undefined where the signature names it (RSA) or the scheme fixes it (Ed25519). */
  readonly hash?: string;
  /** Reads what follows the type's name in a key's blob, or the nonce in a certificate's. */
  readonly read: (reader: WireReader, refuse: Refuse) => KeyFields;
}

// The limits of OpenSSH: SSH_RSA_MINIMUM_MODULUS_SIZE and SSHBUF_MAX_BIGNUM.
const rsaBits = { least: 1024, most: 16384 };

/** RFC 4253, section 6.6: e and n. */
function readRsa(reader: WireReader, refuse: Refuse): KeyFields {
  const exponent = reader.mpint("RSA exponent");
  const modulus = reader.mpint("RSA modulus");
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  if (bits < rsaBits.least)
    throw refuse(`an RSA key of ${String(bits)} bits is too small (at least ${String(rsaBits.least)})`, "unusable");
  if (bits > rsaBits.most)
    throw refuse(`an RSA key of ${String(bits)} bits is too large (at most ${String(rsaBits.most)})`, "unusable");
  return { bits, key: importKey({ kty: "RSA", e: base64url(exponent), n: base64url(modulus) }, refuse) };
}

/** RFC 5656, section 3.1: the curve's name and an uncompressed point. node:crypto refuses a point that is not on the curve. */
function ecdsaReader(curve: "nistp256" | "nistp384" | "nistp521"): KeyType["read"] {
  const bits = Number(curve.slice("nistp".length));
  return (reader, refuse) => {
    if (reader.text("curve") !== curve) throw refuse(`the curve is not ${curve}, which the key's type names`);
    const point = reader.string("point");
    const size = coordinateSize(bits);
    if (point[0] !== 0x04 || point.length !== 1 + 2 * size) throw refuse(`the point is not an uncompressed one of ${curve}`);
    const x = base64url(point.subarray(1, 1 + size));
    const y = base64url(point.subarray(1 + size));
    return { bits, key: importKey({ kty: "EC", crv: `P-${String(bits)}`, x, y }, refuse) };
  };
}

/** RFC 8709, section 4: 32 bytes. */
function readEd25519(reader: WireReader, refuse: Refuse): KeyFields {
  const bytes = reader.string("Ed25519 key");
  if (bytes.length !== 32) throw refuse(`the Ed25519 key has ${String(bytes.length)} bytes, not 32`);
  return { bits: 256, key: importKey({ kty: "OKP", crv: "Ed25519", x: base64url(bytes) }, refuse) };
}

/** OpenSSH's PROTOCOL.u2f: the plain key's fields, then the application. */
function onSecurityKey(read: KeyType["read"]): KeyType["read"] {
  return (reader, refuse) => ({ ...read(reader, refuse), application: reader.text("FIDO application") });
}

function importKey(key: JsonWebKey, refuse: Refuse): KeyObject {
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    throw refuse("its numbers are not a key");
  }
}

/** The bytes in one coordinate of a point, or in one half of an ECDSA signature. */
export function coordinateSize(bits: number): number {
  return Math.ceil(bits / 8);
}

function base64url(bytes: Buffer): string {
  return bytes.toString("base64url");
}

/** Every key type that OpenSSH 9.2 and later use by default, by its name on the wire. */
export const keyTypes: ReadonlyMap<string, KeyType> = new Map<string, KeyType>([
  ["ssh-rsa", { kind: "RSA", read: readRsa }],
  ["ecdsa-sha2-nistp256", { kind: "ECDSA", hash: "sha256", read: ecdsaReader("nistp256") }],
  ["ecdsa-sha2-nistp384", { kind: "ECDSA", hash: "sha384", read: ecdsaReader("nistp384") }],
  ["ecdsa-sha2-nistp521", { kind: "ECDSA", hash: "sha512", read: ecdsaReader("nistp521") }],
  ["ssh-ed25519", { kind: "ED25519", read: readEd25519 }],
  ["sk-ssh-ed25519@openssh.com", { kind: "ED25519-SK", read: onSecurityKey(readEd25519) }],
  ["sk-ecdsa-sha2-nistp256@openssh.com", { kind: "ECDSA-SK", hash: "sha256", read: onSecurityKey(ecdsaReader("nistp256")) }],
]);

/** The key type that each certificate type certifies: "ssh-rsa-cert-v01@openssh.com" → "ssh-rsa". */
export const certificateTypes: ReadonlyMap<string, string> = new Map(
  [...keyTypes.keys()].map((name) => [name.replace(/(@openssh\.com)?$/, "-cert-v01@openssh.com"), name]),
);
