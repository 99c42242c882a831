/** Public keys that nobody has the private key of: made without a program, for the tests of units. */
import { createHash, generateKeyPairSync } from "node:crypto";

export interface MadeKey {
  readonly type: string;
  readonly kind: string;
  readonly bits: number;
  readonly sha256: string;
  readonly md5: string;
  /** As one line of a .pub file, without a comment. */
  readonly publicKey: string;
}

const text = (value: Buffer | string) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function described(type: string, kind: string, bits: number, blob: Buffer): MadeKey {
  const hash = (name: string) => createHash(name).update(blob);
  return {
    ...{ type, kind, bits },
    sha256: `SHA256:${hash("sha256").digest("base64").replace(/=+$/, "")}`,
    md5: `MD5:${(hash("md5").digest("hex").match(/../g) ?? []).join(":")}`,
    publicKey: `${type} ${blob.toString("base64")}`,
  };
}

/** @param seed the same one makes the same key */
export function ed25519(seed: number): MadeKey {
  const bytes = createHash("sha256").update(String(seed)).digest();
  return described("ssh-ed25519", "ED25519", 256, Buffer.concat([text("ssh-ed25519"), text(bytes)]));
}

export function rsa(bits: number): MadeKey {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const number = (value: string) => text(Buffer.concat([Buffer.from([0]), Buffer.from(value, "base64url")]));
  const exponent = text(Buffer.from(e, "base64url"));
  return described("ssh-rsa", "RSA", bits, Buffer.concat([text("ssh-rsa"), exponent, number(n)]));
}
