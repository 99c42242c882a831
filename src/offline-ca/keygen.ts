/**
 * Runs ssh-keygen with a passphrase. Its own `-N` and `-P` would show it to everyone who can run `ps`, and an environment
 * variable to everyone who is the same user: so ssh-keygen asks our `askpass.sh`, which reads the standard input that
 * ssh-keygen got from us. Nothing is written to a disk. SSH_ASKPASS_REQUIRE: OpenSSH 8.4 and later, ssh(1), ENVIRONMENT.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fail } from "../errors/catalogue.js";
import { runOpenSsh, type ProgramResult } from "../ssh/openssh.js";
import { parsePublicKey, type PublicKey } from "../ssh/public-key.js";
import { shellWord } from "../ground/shell-word.js";
import { readPrivateKey } from "./private-key.js";

const askpass = fileURLToPath(new URL("askpass.sh", import.meta.url));
/** An RSA key of 4096 bits takes seconds, on a small machine many. */
const seconds = 120;
/** Of bcrypt, each time a CA key is used: 0.2 s. ssh-keygen's own number is 16 or 24. */
const rounds = 32;

/**
 * @param lines what it is told where it asks: the passphrase, once for each question
 * @throws TOOL_MISSING
 */
export function runKeygen(args: readonly string[], lines: readonly string[]): Promise<ProgramResult> {
  return runOpenSsh("ssh-keygen", args, seconds, {
    input: lines.map((line) => `${line}\n`).join(""),
    // Validity is written in UTC; the reasons of failures are read.
    env: {
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: "force",
      TZ: "UTC",
      LC_ALL: "C",
    },
  });
}

export interface ProtectedKeyRequest {
  readonly file: string;
  readonly type: string;
  readonly bits: number | undefined;
  readonly comment: string;
  readonly passphrase: string;
}

/**
 * Makes a key pair with a passphrase. Where ssh-keygen cannot ask, it takes no passphrase for an answer: so it is looked at.
 * @throws FILE_NOT_WRITTEN, OFFLINE_CA_KEY_UNPROTECTED
 */
export async function makeProtectedKey({ file, type, bits, comment, passphrase }: ProtectedKeyRequest): Promise<void> {
  const size = bits === undefined ? [] : ["-b", String(bits)];
  const args = ["-q", "-t", type, ...size, "-a", String(rounds), "-C", comment, "-f", file];
  const { failed, reason } = await runKeygen(args, [passphrase, passphrase]);
  if (failed) throw fail("FILE_NOT_WRITTEN", { file, reason });
  if (!readPrivateKey(await readFile(file, "utf8"), file).encrypted)
    throw fail("OFFLINE_CA_KEY_UNPROTECTED", { file: shellWord(file) });
  await publicKeyBehind(file, passphrase);
}

/**
 * The public key of a private key that the passphrase opens.
 * @throws OFFLINE_CA_PASSPHRASE_WRONG, KEY_FILE_UNREADABLE
 */
export async function publicKeyBehind(file: string, passphrase: string): Promise<PublicKey> {
  const { failed, stdout, reason } = await runKeygen(["-y", "-f", file], [passphrase]);
  if (/incorrect passphrase/.test(reason)) throw fail("OFFLINE_CA_PASSPHRASE_WRONG", { file: shellWord(file) });
  if (failed) {
    const how = {
      say: "put it back from your copy of the CA; what is wrong with this one",
      run: `ssh-keygen -y -f ${shellWord(file)}`,
    };
    throw fail("KEY_FILE_UNREADABLE", { file: shellWord(file), reason, how });
  }
  return parsePublicKey(stdout, file);
}
