/** The public keys that are brought of a host: what can be signed is signed, and the rest is named. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../ground/system-error.js";
import { readPublicKeyFile, unknownTypeInFile } from "../ssh/key-file.js";
import { keysInFiles, noHostKeys, refusePrivateKey, type OfferedKey, type UnsignedKey } from "./incoming.js";
import type { Subject } from "./names.js";
import type { OfflineCa } from "./open.js";

export interface Brought {
  readonly keys: readonly OfferedKey[];
  readonly leftOut: readonly UnsignedKey[];
}

/**
 * The host keys in a folder: `ssh_host_*_key.pub`, such as they are in a host's /etc/ssh.
 * @throws OFFLINE_CA_NO_KEYS, and what hostKeysInFiles throws
 */
export async function keysInFolder(ca: OfflineCa, { principals }: Subject, folder: string): Promise<Brought> {
  const none = (problem: string, cause?: unknown) => noHostKeys(principals, folder, problem, folder, cause);
  const names = await readdir(folder).catch((error: unknown) => {
    const problem = { ENOENT: "there is no such folder", ENOTDIR: "it is a file" }[systemCode(error) ?? ""];
    throw problem === undefined ? error : none(problem, error);
  });
  for (const name of names) await refusePrivateKey(join(folder, name));
  const files = names.filter((name) => /^ssh_host_\w+_key\.pub$/.test(name)).sort();
  if (files.length === 0) throw none("it holds no ssh_host_*_key.pub");
  return hostKeysInFiles(
    ca,
    files.map((name) => join(folder, name)),
  );
}

/**
 * A host's keys in these files. Those of a type that is never signed are left out: a host of a newer OpenSSH has such a one by
 * itself. Where there are no others they are refused. A fault that can be mended, such as a key that is too small, refuses all.
 * @throws OFFLINE_CA_PRIVATE_KEY_OFFERED, OFFLINE_CA_KEY_REFUSED, KEY_FILE_MISSING, KEY_NOT_PUBLIC, KEY_TYPE_UNKNOWN
 */
export async function hostKeysInFiles(ca: OfflineCa, files: readonly string[]): Promise<Brought> {
  const leftOut: UnsignedKey[] = [];
  const good: string[] = [];
  for (const file of files) {
    await refusePrivateKey(file);
    const type = await typeNeverSigned(file);
    if (type === undefined) good.push(file);
    else leftOut.push({ file, problem: `host keys of the type ${type} are not signed` });
  }
  return { keys: await keysInFiles(ca, "host", good.length > 0 ? good : files), leftOut };
}

/** The type of a key that ssh-trust does not know, or that waits for a touch at every login. */
async function typeNeverSigned(file: string): Promise<string | undefined> {
  const unknown = await unknownTypeInFile(file);
  if (unknown !== undefined) return unknown;
  const { kind, type } = await readPublicKeyFile(file);
  return kind.endsWith("-SK") ? type : undefined;
}
