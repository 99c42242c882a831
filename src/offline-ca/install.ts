/** Puts new certificates in their place. What was there is kept in a folder beside them, named by its identity. */
import { link, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { syncToDisk } from "../ground/atomic-file.js";
import { isFailure } from "../errors/catalogue.js";
import type { Certificate } from "../ssh/certificate.js";
import { readCertificateFile } from "../ssh/key-file.js";
import { systemCode } from "../ground/system-error.js";
import { makeFolder } from "./folder.js";
import { certificateFile, keyTypes, type CaKind, type KeyType } from "./layout.js";
import type { Subject } from "./names.js";
import type { SignedKey } from "./sign.js";

/** The certificates that a host or a person has now. @throws CERTIFICATE_INVALID */
export async function certificatesOf(kind: CaKind, folder: string) {
  const found: { readonly type: KeyType; readonly file: string; readonly certificate: Certificate }[] = [];
  for (const type of keyTypes[kind]) {
    const file = certificateFile(folder, kind, type);
    const certificate = await readCertificateFile(file).catch((error: unknown) => {
      if (isFailure(error, "KEY_FILE_MISSING")) return undefined;
      throw error;
    });
    if (certificate !== undefined) found.push({ type, file, certificate });
  }
  return found;
}

/**
 * The old files get their second name first; then each new one takes its place at one stroke, the public key before its
 * certificate.
 */
export async function install({ kind, folder }: Subject, signed: readonly SignedKey[]) {
  await makeFolder(folder);
  const archived = new Set<string>();
  for (const old of await certificatesOf(kind, folder)) {
    if (!signed.some(({ order }) => order.key.type === old.type)) continue;
    // Our own identities are names; any other is not made one.
    const archive = join(folder, /^[a-z0-9_.-]+_v[0-9]+$/.test(old.certificate.keyId) ? old.certificate.keyId : "older");
    await makeFolder(archive);
    for (const file of [old.file, old.file.replace(/-cert\.pub$/, ".pub")]) await keep(file, archive);
    await syncToDisk(archive);
    archived.add(archive);
  }
  const files: string[] = [];
  for (const { file } of signed) {
    const draft = file.replace(/-cert\.pub$/, "");
    for (const name of [`${draft}.pub`, `${draft}-cert.pub`]) {
      await syncToDisk(name);
      await rename(name, join(folder, basename(name)));
    }
    files.push(join(folder, basename(file)));
  }
  await syncToDisk(folder);
  return { files, archived: [...archived] };
}

/** Under a name that is free: no old certificate takes another's place. */
async function keep(file: string, archive: string): Promise<void> {
  const inode = await stat(file).then(
    ({ ino }) => ino,
    () => undefined,
  );
  if (inode === undefined) return; // a certificate whose public key was taken away
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? basename(file) : `${String(count)}-${basename(file)}`;
    try {
      await link(file, join(archive, name));
      return;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      if ((await stat(join(archive, name))).ino === inode) return; // an interrupted call has kept it
    }
  }
}
