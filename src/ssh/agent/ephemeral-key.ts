/** An Ed25519 key pair that is in no file: RFC 8032, RFC 8709. */
import { generateKeyPairSync } from "node:crypto";
import { readKeyBlob, type PublicKey } from "../public-key.js";
import { wireString } from "../wire.js";

export interface EphemeralKey extends Disposable {
  /** As it is certified. */
  readonly key: PublicKey;
  /** The 32 bytes of the public key. */
  readonly publicKey: Buffer;
  /** The 32 bytes of the private key: RFC 8032, section 5.1.5. Zero once the key is disposed of. */
  readonly seed: Buffer;
}

export function ephemeralKey(): EphemeralKey {
  const pair = generateKeyPairSync("ed25519");
  const { x = "", d = "" } = pair.privateKey.export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url");
  const seed = Buffer.from(d, "base64url");
  const blob = Buffer.concat([wireString("ssh-ed25519"), wireString(publicKey)]);
  return {
    key: { ...readKeyBlob(blob, (problem) => new TypeError(problem)), comment: "" },
    publicKey,
    seed,
    [Symbol.dispose]: () => {
      seed.fill(0);
    },
  };
}
