import { randomBytes } from "node:crypto";
import { constants, copyFile, link, lstat, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomically } from "./atomic-file.js";
import { systemCode } from "./system-error.js";

/**
 * Writes a file whole, and never in the place of another: whoever is first has it.
 * @param mode permission bits, which it has from its first byte
 * @throws Node's own system errors, which name a file; EEXIST where something is there, whatever it is
 */
export async function writeNewFile(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const draft = join(dirname(path), `.tmp-new-${randomBytes(6).toString("hex")}`);
  try {
    await writeFileAtomically(draft, data, mode);
    await nameAnew(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Gives a file a second name, which nothing has yet. @throws as writeNewFile */
export async function nameAnew(file: string, path: string): Promise<void> {
  // Some file systems have no links.
  await link(file, path).catch((error: unknown) => {
    if (systemCode(error) === "EEXIST") throw error;
    return copyFile(file, path, constants.COPYFILE_EXCL);
  });
}

/** Whether anything is at a path, a link to nowhere too. */
export const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
