/**
 * OpenSSH's own form of a private key (PROTOCOL.key), as far as ssh-keygen writes it for the keys of a CA.
 *
 * It is decrypted in memory, so that the plain key is on no disk at no moment: `ssh-keygen -p` would have to write it.
 */
import { createDecipheriv } from "node:crypto";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { WireReader, wireString } from "../ssh/wire.js";

export interface PrivateKey {
  readonly encrypted: boolean;
  /**
   * The same key without a passphrase, in the same form: what Vault and OpenBao take for a CA's `private_key`.
   * @throws OFFLINE_CA_PASSPHRASE_WRONG
   */
  readonly decrypt: (passphrase: string) => Promise<string>;
}

const magic = Buffer.from("openssh-key-v1\0");
const frame = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END OPENSSH PRIVATE KEY-----\s*$/;

/** @throws KEY_FILE_UNREADABLE */
export function readPrivateKey(text: string, file: string): PrivateKey {
  const word = shellWord(file);
  const how = { say: "put it back from your copy of the CA, or let ssh-keygen rewrite it", run: `ssh-keygen -p -f ${word}` };
  const refuse = (reason: string) => fail("KEY_FILE_UNREADABLE", { file: word, reason, how });
  const base64 = frame.exec(text)?.[1];
  if (base64 === undefined) throw refuse("it is not a private key in OpenSSH's own form");
  const data = Buffer.from(base64, "base64");
  if (!data.subarray(0, magic.length).equals(magic)) throw refuse("it is not of version openssh-key-v1");
  const reader = new WireReader(data.subarray(magic.length), refuse);
  const cipher = reader.text("cipher");
  const kdf = reader.text("key derivation");
  const kdfOptions = reader.string("options of the key derivation");
  if (reader.uint32("number of keys") !== 1) throw refuse("it holds more than one key");
  const publicKey = reader.string("public key");
  const secret = reader.string("private part");

  return {
    encrypted: cipher !== "none",
    async decrypt(passphrase) {
      // ssh-keygen's default since OpenSSH 6.9
      if (cipher !== "aes256-ctr" || kdf !== "bcrypt")
        throw refuse(`its cipher is ${cipher} with ${kdf}, not aes256-ctr with bcrypt`);
      const { key, iv } = await deriveKey(passphrase, new WireReader(kdfOptions, refuse));
      const decipher = createDecipheriv("aes-256-ctr", key, iv);
      const plain = Buffer.concat([decipher.update(secret), decipher.final()]);
      // Two equal random numbers in front tell that the passphrase was right.
      if (plain.readUInt32BE(0) !== plain.readUInt32BE(4)) throw fail("OFFLINE_CA_PASSPHRASE_WRONG", { file: shellWord(file) });
      return writePlain(publicKey, plain);
    },
  };
}

async function deriveKey(passphrase: string, options: WireReader): Promise<{ key: Buffer; iv: Buffer }> {
  const { default: bcrypt } = await import("bcrypt-pbkdf"); // only here: most verbs open no key
  const salt = options.string("salt");
  const rounds = options.uint32("number of rounds");
  const derived = Buffer.alloc(48);
  const word = Buffer.from(passphrase);
  if (bcrypt.pbkdf(word, word.length, salt, salt.length, derived, derived.length, rounds) !== 0) {
    throw new RangeError("bcrypt does not take this passphrase or salt");
  }
  return { key: derived.subarray(0, 32), iv: derived.subarray(32) };
}

/** The private part is padded to a multiple of 8 with 1, 2, 3, …; to 16 it was for the cipher, and that is one of 8 too. */
function writePlain(publicKey: Buffer, plain: Buffer): string {
  const one = Buffer.from([0, 0, 0, 1]);
  const none = wireString("none");
  const data = Buffer.concat([magic, none, none, wireString(""), one, wireString(publicKey), wireString(plain)]);
  const lines = data.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
