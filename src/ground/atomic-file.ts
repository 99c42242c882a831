import { randomBytes } from "node:crypto";
import { access, constants, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, reasonOf } from "../errors/catalogue.js";

const temporaryPrefix = ".tmp-";

/**
 * Writes a file so that whoever reads it, at any moment and after any crash, finds the old content or the new, never a part.
 *
 * What was at `path` is replaced, a symbolic link too; its folder must exist.
 * @param mode permission bits, such as 0o600; the file has exactly these from its first byte, whatever the umask
 * @param owner whose it is, where that is to be somebody else than who writes
 * @throws Node's own system errors (ENOENT, EACCES, EISDIR, ENOSPC, …), which name a file; nothing is left behind
 */
export async function writeFileAtomically(
  path: string,
  data: string | Uint8Array,
  mode: number,
  owner?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `${temporaryPrefix}${randomBytes(8).toString("hex")}`);
  const file = await open(temporary, "wx", mode);
  try {
    try {
      if (owner !== undefined) await giveTo(file, owner);
      await file.chmod(mode);
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw aboutFile(error, path);
  }
  await syncToDisk(folder);
}

/** Only where it is another's: some file systems know no owners. */
async function giveTo(file: FileHandle, { uid, gid }: { readonly uid: number; readonly gid: number }): Promise<void> {
  const now = await file.stat();
  if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid);
}

/**
 * Has the disk hold what a file contains, or the names that a folder contains: fsync(2).
 * Without it, a power cut can undo a finished write or rename.
 */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    throw aboutFile(error, path);
  } finally {
    await handle.close();
  }
}

/** Names the file in a system error of an open one, such as a write's ENOSPC: Node names it only in those of a path. */
export function aboutFile(error: unknown, path: string): unknown {
  if (typeof error === "object" && error !== null && "syscall" in error && !("path" in error)) Object.assign(error, { path });
  return error;
}

/**
 * Finds out before any work whether a file could be written at `path`.
 * @throws FILE_NOT_WRITTEN
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const there = await stat(path).catch(() => undefined);
    if (there?.isFile() === false)
      throw new Error(there.isDirectory() ? "it is a folder" : "it is no file, and would be replaced");
  } catch (error) {
    throw fail("FILE_NOT_WRITTEN", { file: path, reason: reasonOf(error) }, error);
  }
}

/** Removes what a killed writer left in a folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(temporaryPrefix))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
