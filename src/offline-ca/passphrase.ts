/** The passphrase of the CA's private keys: what it may be, and how it is read from a file. */
import { fail } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import { readSecretFile } from "../ground/secret-file.js";
import { shellWord } from "../ground/shell-word.js";

/**
 * Whether a new CA's keys may have it. ssh-keygen reads one line of at most 1023 bytes, and takes nothing under five.
 * @throws OFFLINE_CA_PASSPHRASE_UNFIT
 */
export function checkNewPassphrase(passphrase: string): void {
  checkPassphrase(passphrase);
  if (!/^.{10}/su.test(passphrase)) throw unfit("it has fewer than ten characters");
}

/** @throws OFFLINE_CA_PASSPHRASE_UNFIT where no key can have it */
export function checkPassphrase(passphrase: string): void {
  if (passphrase === "") throw unfit("it is empty");
  // What a terminal sent in another encoding: any other such letter would open the keys as well.
  if (passphrase.includes("\ufffd")) throw unfit("it is not UTF-8");
  if (/\p{Cc}/u.test(passphrase)) throw unfit("it holds control characters, or more than one line");
  if (Buffer.byteLength(passphrase) > 1000) throw unfit("it is longer than 1000 bytes");
}

/**
 * Reads the one line of a file that only its owner may read, or of a pipe.
 * @throws OFFLINE_CA_PASSPHRASE_FILE, OFFLINE_CA_PASSPHRASE_UNFIT
 */
export async function readPassphraseFile(file: string): Promise<string> {
  const refuse = (problem: string, how: Advice, cause?: unknown) =>
    fail("OFFLINE_CA_PASSPHRASE_FILE", { file: shellWord(file), problem, how }, cause);
  const passphrase = decode(await readSecretFile(file, refuse)).replace(/\r?\n$/, "");
  checkPassphrase(passphrase);
  return passphrase;
}

/** ssh-keygen gets the same bytes: other encodings are refused, and a byte order mark is part of the passphrase. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unfit("it is not UTF-8");
  }
}

function unfit(problem: string) {
  return fail("OFFLINE_CA_PASSPHRASE_UNFIT", { problem });
}
