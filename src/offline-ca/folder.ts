/** Folders into which nobody else can look. */
import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../ground/system-error.js";

/**
 * Makes a folder and those above it that are missing, each with mode 0700 whatever the umask. One that is there stays as it is.
 * @throws Node's own system errors
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw error;
  }
  await chmod(path, 0o700);
}
