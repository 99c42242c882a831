/** The public keys that are brought to the CA. A private key among them has been copied, so it is worth nothing any more. */
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fail } from "../errors/catalogue.js";
import { readPublicKeyFile } from "../ssh/key-file.js";
import { weaknessOf } from "../ssh/key-strength.js";
import type { PublicKey } from "../ssh/public-key.js";
import { shellWord } from "../ground/shell-word.js";
import { keyTypeOf, keyTypes, publicKeyFile, type CaKind, type KeyType } from "./layout.js";
import type { Subject } from "./names.js";
import type { OfflineCa } from "./open.js";

export interface OfferedKey {
  readonly file: string;
  readonly type: KeyType;
  readonly publicKey: PublicKey;
}

/** A key that is brought with others, and is not signed. */
export interface UnsignedKey {
  readonly file: string;
  /** Why, in one clause. Safe for a terminal. */
  readonly problem: string;
}

/** Keys to be signed: one of each of these types. */
export interface KeySupply {
  readonly types: readonly KeyType[];
  /** What was brought with them. */
  readonly leftOut: readonly UnsignedKey[];
  /** Called once it is known that they can be signed. */
  readonly take: (detail: (text: string) => void) => Promise<readonly OfferedKey[]>;
}

/** Keys that are there. */
export const supplyOf = (keys: readonly OfferedKey[], leftOut: readonly UnsignedKey[] = []): KeySupply => ({
  types: keys.map(({ type }) => type),
  leftOut,
  take: () => Promise.resolve(keys),
});

/**
 * The keys that already lie where the CA keeps those of a host or a person: to be signed again, or put there by hand.
 * @throws OFFLINE_CA_NO_KEYS, OFFLINE_CA_NO_USER_KEY, OFFLINE_CA_KEY_REFUSED, KEY_NOT_PUBLIC
 */
export async function keysInPlace(ca: OfflineCa, { kind, name, principals, folder }: Subject): Promise<OfferedKey[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = keyTypes[kind].map((type) => publicKeyFile(folder, kind, type)).filter((file) => names.includes(basename(file)));
  if (files.length > 0) return keysInFiles(ca, kind, files);
  if (kind === "user") throw fail("OFFLINE_CA_NO_USER_KEY", { name });
  throw noHostKeys(principals, folder, "none were brought yet", join("incoming", name));
}

/** @param into where they are to be put */
export function noHostKeys(principals: readonly string[], folder: string, problem: string, into: string, cause?: unknown): Error {
  const source = hostKeysOf(principals);
  return fail("OFFLINE_CA_NO_KEYS", { folder: shellWord(folder), problem, source, into: shellWord(into) }, cause);
}

/** Where a host has its public keys, as scp is told. */
export const hostKeysOf = (principals: readonly string[]) => shellWord(`${principals.at(-1) ?? ""}:/etc/ssh/ssh_host_*_key.pub`);

/**
 * The keys of these files, one of each type.
 * @throws OFFLINE_CA_PRIVATE_KEY_OFFERED, OFFLINE_CA_KEY_REFUSED, KEY_FILE_MISSING, KEY_NOT_PUBLIC
 */
export async function keysInFiles(ca: OfflineCa, kind: CaKind, files: readonly string[]): Promise<OfferedKey[]> {
  const keys: OfferedKey[] = [];
  for (const file of files) {
    await refusePrivateKey(file);
    const publicKey = await readPublicKeyFile(file);
    const type = keyTypeOf(publicKey.kind);
    const twin = keys.find((key) => key.type === type);
    const refuse = (problem: string) => fail("OFFLINE_CA_KEY_REFUSED", { file: shellWord(file), problem });
    if (twin !== undefined) throw refuse(`${twin.file} is of the same type, ${type}; one of each is signed`);
    const weakness = weaknessOf(publicKey);
    if (weakness !== undefined) throw refuse(weakness);
    if (kind === "host" && publicKey.kind.endsWith("-SK")) throw refuse("a key on a security token wants a touch at every login");
    if (ca.keys.some((key) => key.publicKey.fingerprint === publicKey.fingerprint)) throw refuse("it is the CA's own key");
    keys.push({ file, type, publicKey });
  }
  return keys;
}

/** Looks at the first bytes of a file, and not into pipes: opening one would wait for a writer. */
export async function refusePrivateKey(file: string): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true) return; // what reads it says so, where somebody reads it
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    const head = buffer.toString("latin1", 0, bytesRead).trimStart();
    if (!/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File-/.test(head)) return;
    throw fail("OFFLINE_CA_PRIVATE_KEY_OFFERED", {
      file: shellWord(file),
      publicFile: shellWord(file.replace(/(\.pub)?$/, ".pub")),
    });
  } finally {
    await handle.close();
  }
}
