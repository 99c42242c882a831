import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.js";

const pattern = /^\.tmp-(\d+)-[0-9a-f]+$/;

/** A folder for half-made things, removed when it is disposed of; after a SIGKILL, by the next run. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes one inside the cache, so that what is made in it can be renamed into place. */
export async function openTemporaryFolder(cacheDir: string): Promise<TemporaryFolder> {
  const path = join(cacheDir, `.tmp-${String(process.pid)}-${randomBytes(6).toString("hex")}`);
  await mkdir(path, { recursive: true, mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => remove(path) };
}

/** Removes the temporary folders of processes that are no more. */
export async function removeLeftovers(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir).catch(() => []);
  for (const name of names) {
    const pid = pattern.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(cacheDir, name);
    if (await isAbandoned(path, Number(pid))) await remove(path);
  }
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  // in a container, the next run often has the process number of the last
  if (pid === process.pid)
    return stat(path).then(
      ({ ctimeMs }) => ctimeMs < performance.timeOrigin - 1000,
      () => false,
    );
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Never fails: what cannot be removed now, because something still writes to it, the next run removes. */
async function remove(path: string): Promise<void> {
  const tryTo = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  await tryTo().catch(async () => {
    // Go keeps the toolchains that it downloads read-only
    await run("chmod", ["-R", "u+w", path]).catch(() => undefined);
    await tryTo().catch(() => undefined);
  });
}
