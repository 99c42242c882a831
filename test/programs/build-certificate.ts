/** Certificates made by hand, for those that ssh-keygen does not make. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { wireString } from "../../src/ssh/wire.js";
import { keyLine } from "./support.js";

export interface Parts {
  readonly type: string;
  readonly nonce: Buffer;
  /** The fields of the key it certifies. */
  readonly key: Buffer;
  readonly serial: bigint;
  readonly certType: number;
  readonly keyId: string | Buffer;
  readonly principals: Buffer;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly critical: Buffer;
  readonly extensions: Buffer;
  readonly reserved: Buffer;
  readonly ca: Buffer;
  readonly sign: (signed: Buffer) => Buffer;
  /** Bytes behind the signature. */
  readonly tail: Buffer;
}

/** The ends of a key's life: its wire form and its signatures. */
export interface Signer {
  readonly blob: Buffer;
  readonly sign: (data: Buffer) => Buffer;
}

function rawEd25519(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

function rawPoint(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}

export function ed25519Signer(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    blob: strings("ssh-ed25519", rawEd25519(publicKey)),
    sign: (data) => strings("ssh-ed25519", sign(undefined, data, privateKey)),
  };
}

/** RSA; its signatures have no type in front. */
export function rsaSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const { e = "", n = "" } = publicKey.export({ format: "jwk" });
  return {
    blob: strings("ssh-rsa", mpint(Buffer.from(e, "base64url")), mpint(Buffer.from(n, "base64url"))),
    sign: (data) => sign("sha256", data, privateKey),
  };
}

const application = "ssh:lab";
/** User present, counter 3: PROTOCOL.u2f. */
const state = Buffer.from("0100000003", "hex");

function onToken(data: Buffer): Buffer {
  const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest();
  return Buffer.concat([sha256(application), state, sha256(data)]);
}

/** What a FIDO token of type ed25519-sk would do. */
export function ed25519Token(): Signer {
  const type = "sk-ssh-ed25519@openssh.com";
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    blob: strings(type, rawEd25519(publicKey), application),
    sign: (data) => Buffer.concat([strings(type, sign(undefined, onToken(data), privateKey)), state]),
  };
}

/** What a FIDO token of type ecdsa-sk would do. */
export function ecdsaToken(): Signer {
  const type = "sk-ecdsa-sha2-nistp256@openssh.com";
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    blob: strings(type, "nistp256", rawPoint(publicKey), application),
    sign: (data) => {
      const signature = sign("sha256", onToken(data), { key: privateKey, dsaEncoding: "ieee-p1363" });
      const numbers = strings(mpint(signature.subarray(0, 32)), mpint(signature.subarray(32)));
      return Buffer.concat([strings(type, numbers), state]);
    },
  };
}

/** The shortest form of a positive number: RFC 4251, section 5. */
export function mpint(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const rest = bytes.subarray(start);
  return (rest[0] ?? 0) < 0x80 ? rest : Buffer.concat([Buffer.alloc(1), rest]);
}

/** RFC 4251 strings in a row. */
export function strings(...contents: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(contents.map((content) => wireString(content)));
}

/** The options of a certificate: names and data in turn. */
export const options = strings;

const ca = ed25519Signer();

/** A host certificate of an Ed25519 key by an Ed25519 CA, good but for what is changed; the signature fits whatever it is. */
export function buildCertificate(changes: Partial<Parts> = {}): string {
  const parts: Parts = {
    type: "ssh-ed25519-cert-v01@openssh.com",
    nonce: Buffer.alloc(32, 1),
    key: strings(Buffer.alloc(32, 2)),
    serial: 7n,
    certType: 2,
    keyId: "host-1",
    principals: strings("localhost"),
    validAfter: 0n,
    validBefore: 2n ** 64n - 1n,
    critical: Buffer.alloc(0),
    extensions: Buffer.alloc(0),
    reserved: Buffer.alloc(0),
    ca: ca.blob,
    sign: ca.sign,
    tail: Buffer.alloc(0),
    ...changes,
  };
  const numbers = Buffer.alloc(12);
  numbers.writeBigUInt64BE(parts.serial);
  numbers.writeUInt32BE(parts.certType, 8);
  const validity = Buffer.alloc(16);
  validity.writeBigUInt64BE(parts.validAfter);
  validity.writeBigUInt64BE(parts.validBefore, 8);
  const signed = Buffer.concat([
    strings(parts.type, parts.nonce),
    parts.key,
    numbers,
    strings(parts.keyId, parts.principals),
    validity,
    strings(parts.critical, parts.extensions, parts.reserved, parts.ca),
  ]);
  return keyLine(parts.type, Buffer.concat([signed, strings(parts.sign(signed)), parts.tail]));
}
