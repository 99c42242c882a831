/** Opens the folder of an offline CA, and says what is wrong with it before anything is done there. */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fail, isFailure } from "../errors/catalogue.js";
import { checkPrivateKeyFile, readPublicKeyFile } from "../ssh/key-file.js";
import type { PublicKey } from "../ssh/public-key.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { readConfig, type CaConfig } from "./config.js";
import { caKeyTypes, caKinds, caPrivateKey, caPublicKey, certsFolder, keyTypeOf, logFile, serialFile } from "./layout.js";
import { privateFolder, type CaKeyType, type CaKind } from "./layout.js";
import { readPrivateKey, type PrivateKey } from "./private-key.js";

export interface OfflineCa {
  /** Absolute. */
  readonly dir: string;
  readonly config: CaConfig;
  /** All six. */
  readonly keys: readonly CaKey[];
}

export interface CaKey {
  readonly kind: CaKind;
  readonly type: CaKeyType;
  /** The public key's file. */
  readonly file: string;
  readonly publicKey: PublicKey;
}

/**
 * Reads what is public of it; a copy without the private keys will do.
 * @throws OFFLINE_CA_MISSING, OFFLINE_CA_INCOMPLETE
 */
export async function openCa(folder: string): Promise<OfflineCa> {
  const dir = resolve(folder);
  const config = await readConfig(dir);
  const keys: CaKey[] = [];
  for (const kind of caKinds) {
    await mustBeThere(dir, certsFolder(dir, kind));
    for (const type of caKeyTypes) keys.push(await readCaKey(dir, config, kind, type));
  }
  for (const file of [serialFile(dir), logFile(dir)]) await mustBeThere(dir, file);
  return { dir, config, keys };
}

export function caKey(ca: OfflineCa, kind: CaKind, type: CaKeyType): CaKey {
  const found = ca.keys.find((key) => key.kind === kind && key.type === type);
  if (found === undefined) throw notWhole(ca.dir, `it has no ${kind} key of type ${type}`);
  return found;
}

/**
 * A private key of the CA, once it is known that nobody else can read it and that it needs a passphrase.
 * @throws OFFLINE_CA_INCOMPLETE, OFFLINE_CA_TOO_OPEN, KEY_FILE_TOO_OPEN, OFFLINE_CA_KEY_UNPROTECTED
 */
export async function openPrivateKey(
  ca: OfflineCa,
  kind: CaKind,
  type: CaKeyType,
): Promise<PrivateKey & { readonly file: string }> {
  const file = caPrivateKey(ca.dir, ca.config.name, kind, type);
  for (const folder of [ca.dir, privateFolder(ca.dir, kind)]) await checkClosed(ca.dir, folder);
  await checkPrivateKeyFile(file).catch((error: unknown) => {
    if (isFailure(error, "KEY_FILE_MISSING")) throw incomplete(ca.dir, file, error);
    throw error;
  });
  const key = readPrivateKey(await readFile(file, "utf8"), file);
  if (!key.encrypted) throw fail("OFFLINE_CA_KEY_UNPROTECTED", { file: shellWord(file) });
  return { ...key, file };
}

async function readCaKey(dir: string, config: CaConfig, kind: CaKind, type: CaKeyType): Promise<CaKey> {
  const file = caPublicKey(dir, config.name, kind, type);
  const publicKey = await readPublicKeyFile(file).catch((error: unknown) => {
    if (isFailure(error, "KEY_FILE_MISSING")) throw incomplete(dir, file, error);
    throw error;
  });
  if (keyTypeOf(publicKey.kind) === type) return { kind, type, file, publicKey };
  throw notWhole(dir, `${file} holds a key of type ${publicKey.type}`);
}

async function mustBeThere(dir: string, path: string): Promise<void> {
  await stat(path).catch((error: unknown) => {
    throw systemCode(error) === "ENOENT" ? incomplete(dir, path, error) : error;
  });
}

async function checkClosed(dir: string, folder: string): Promise<void> {
  await mustBeThere(dir, folder);
  const { mode } = await stat(folder);
  if ((mode & 0o077) === 0) return;
  throw fail("OFFLINE_CA_TOO_OPEN", { folder: shellWord(folder), mode: (mode & 0o7777).toString(8).padStart(4, "0") });
}

const incomplete = (dir: string, path: string, cause: unknown) => notWhole(dir, `${path} is missing`, cause);

/** The CA in a folder is not as `init` made it. */
export const notWhole = (dir: string, problem: string, cause?: unknown) =>
  fail("OFFLINE_CA_INCOMPLETE", { dir: shellWord(dir), problem }, cause);
