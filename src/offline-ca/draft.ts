/** Where a new CA is made: a folder beside the one that it becomes. It ends with the process that made it, or soon after. */
import { rmSync } from "node:fs";
import { chmod, lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "../ground/lock.js";

const prefix = ".tmp-offline-ca-";
/** In milliseconds. */
const minute = 60_000;

export interface Draft extends AsyncDisposable {
  readonly path: string;
}

/**
 * @param parent the folder that it is made in
 * @throws TOOL_MISSING, FILE_NOT_WRITTEN
 */
export async function openDraft(parent: string): Promise<Draft> {
  const path = await mkdtemp(join(parent, prefix));
  const remove = () => {
    // Once more where an ssh-keygen that is being stopped writes into it.
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once("exit", remove);
  try {
    await chmod(path, 0o700);
    // While it is locked, somebody lives who writes into it. Nobody else locks one that is empty and new.
    const release = await lock(path, 0);
    return {
      path,
      async [Symbol.asyncDispose]() {
        end();
        await release?.();
      },
    };
  } catch (error) {
    end();
    throw error;
  }

  function end(): void {
    remove();
    process.off("exit", remove);
  }
}

/** Removes what killed makers left in a folder: keys that nobody will use. Those of other users and of the living stay. */
export async function removeDeadDrafts(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const path of names.filter((name) => name.startsWith(prefix)).map((name) => join(parent, name))) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true || stats.uid !== process.getuid?.()) continue;
    // One that gets its name just now is no draft any more.
    const contents = await readdir(path).catch(() => undefined);
    if (contents === undefined) continue;
    // An empty one may have been made this moment, and not be locked yet.
    if (contents.length === 0 && Date.now() - stats.mtimeMs < minute) continue;
    const release = await lock(path, 0);
    if (release === undefined) continue;
    await rm(path, { recursive: true, force: true });
    await release();
  }
}
