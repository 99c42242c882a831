import { access, mkdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { openTemporaryFolder, removeLeftovers } from "./temporary-folder.js";

export interface Cached {
  /** Absolute. */
  readonly path: string;
  /** False when it was there already. */
  readonly made: boolean;
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * A file or folder of the cache. When it is not there, `make` makes it in a temporary folder and tells its path;
 * the last step is to rename it into place, so whatever is there is whole.
 * @param freshForDays a file that is older is made again
 */
export async function cached(
  settings: Pick<ToolchainSettings, "cacheDir">,
  name: string,
  make: (folder: string) => Promise<string>,
  freshForDays = Infinity,
): Promise<Cached> {
  const path = join(settings.cacheDir, name);
  await removeLeftovers(settings.cacheDir);
  if ((await exists(path)) && (await ageInDays(path)) <= freshForDays) return { path, made: false };
  await using folder = await openTemporaryFolder(settings.cacheDir);
  const fresh = await make(folder.path);
  await mkdir(dirname(path), { recursive: true });
  await rename(fresh, path).catch(async (error: unknown) => {
    // another process has made the same folder meanwhile
    if (!(await exists(path))) throw error;
  });
  return { path, made: true };
}

const ageInDays = async (path: string) => (Date.now() - (await stat(path)).mtimeMs) / 86_400_000;
