import { access, constants, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./system-error.js";

/**
 * Makes a folder and those above it; nothing happens where it is there.
 * @throws Node's own system errors, which name a folder
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    // Node says so, too, where the file system is read-only: the first folder above that is there tells which.
    if (systemCode(error) === "ENOENT") await checkAbove(path);
    throw error;
  }
}

async function checkAbove(path: string): Promise<void> {
  const above = dirname(path);
  try {
    await access(above, constants.W_OK);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || above === path) throw error;
    await checkAbove(above);
  }
}
