import { constants, type Stats } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { fail } from "../errors/catalogue.js";
import { parseCertificate, type Certificate } from "./certificate.js";
import { unknownTypeOf } from "./key-line.js";
import { parsePublicKey, type PublicKey } from "./public-key.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { aFolder, whyUnread, type Unread } from "../ground/unread-file.js";

/** OpenSSH reads no larger key file either: MAX_KEY_FILE_SIZE. */
export const mostBytes = 1024 * 1024;

/**
 * Reads a `.pub` file.
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE, KEY_NOT_PUBLIC, KEY_TYPE_UNKNOWN
 */
export async function readPublicKeyFile(path: string): Promise<PublicKey> {
  return parsePublicKey(withoutRemarks(await readKeyFile(path)), path);
}

/**
 * The type of the key in a `.pub` file, where this toolkit does not know it: see `unknownTypeOf`.
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE
 */
export async function unknownTypeInFile(path: string): Promise<string | undefined> {
  return unknownTypeOf(withoutRemarks(await readKeyFile(path)));
}

/**
 * Reads a `-cert.pub` file; see `parseCertificate` for what is checked.
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE, CERTIFICATE_INVALID
 */
export async function readCertificateFile(path: string): Promise<Certificate> {
  return parseCertificate(withoutRemarks(await readKeyFile(path)), path);
}

/**
 * Checks that ssh would use a private key: it is a file, we can read it, and nobody else may.
 * ssh looks at all six bits of group and others (authfile.c), but only in files of its own user; here every file counts.
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE, KEY_FILE_TOO_OPEN
 */
export async function checkPrivateKeyFile(path: string): Promise<void> {
  const { mode } = await checkKeyFile(path);
  if ((mode & 0o077) !== 0) {
    throw fail("KEY_FILE_TOO_OPEN", { file: shellWord(path), mode: (mode & 0o7777).toString(8).padStart(4, "0") });
  }
}

/** OpenSSH skips blank lines and those that begin with "#" (authfile.c, sshkey_try_load_public). What has nothing else stays as it is. */
function withoutRemarks(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => !/^[ \t]*(?:#.*)?$/.test(line));
  return lines.length === 0 ? text : lines.join("\n");
}

/**
 * The text of a file of public keys, such as a `.pub` file.
 * @throws KEY_FILE_MISSING, KEY_FILE_UNREADABLE
 */
export async function readKeyFile(path: string): Promise<string> {
  await checkKeyFile(path);
  return readFile(path, "utf8").catch((error: unknown) => {
    throw explain(path, error);
  });
}

/** Looks before it opens: opening a pipe would wait for a writer. */
async function checkKeyFile(path: string): Promise<Stats> {
  const stats = await statReadable(path).catch((error: unknown) => {
    throw explain(path, error);
  });
  if (stats.isDirectory()) throw unreadable(path, aFolder(path));
  if (!stats.isFile()) throw unreadable(path, { reason: "it is not a file", how: { say: "name the key's own file" } });
  if (stats.size > mostBytes) throw unreadable(path, tooLarge);
  return stats;
}

async function statReadable(path: string): Promise<Stats> {
  const stats = await stat(path);
  await access(path, constants.R_OK);
  return stats;
}

function explain(path: string, error: unknown): Error {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return fail("KEY_FILE_MISSING", { file: shellWord(path) }, error);
  return unreadable(path, whyUnread(path, error), error);
}

/** Of a file, and of standard input. */
export const tooLarge: Unread = {
  reason: "it is too large for a key (over 1 MiB)",
  how: { say: "name the file of a key: a key is one line" },
};

const unreadable = (path: string, why: Unread, cause?: unknown) =>
  fail("KEY_FILE_UNREADABLE", { file: shellWord(path), ...why }, cause);
