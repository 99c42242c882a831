/** A folder that is in memory, and that nobody else can look into: for what must not outlive a start of the machine, nor be on a disk. */
import { constants } from "node:fs";
import { access, chmod, lstat, mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../errors/catalogue.js";

/** The kinds of file system that are in memory, by the number that Linux's statfs(2) has for each. */
const kindsInMemory: readonly number[] = [0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */];

/** Whether a folder is on no disk. @throws Node's own system errors */
const isInMemory = async (path: string): Promise<boolean> => kindsInMemory.includes((await statfs(path)).type >>> 0);

export interface MemoryFolderOptions {
  /**
   * XDG_RUNTIME_DIR, where it is set: https://specifications.freedesktop.org/basedir-spec/latest/. Where it is not, as under cron or su,
   * systemd's folder is looked for, so that all of a person's programs use the same one.
   */
  readonly runtime: string | undefined;
  /** Where systemd makes a folder for each user: pam_systemd(8). */
  readonly users?: string;
  /** Where every user may make folders in memory. */
  readonly shared?: string;
  readonly uid?: number;
}

/**
 * Makes it where it is not there yet, with mode 0700.
 * @param name of the folder
 * @returns the folder, or why there is none
 */
export async function memoryFolder(
  name: string,
  { runtime, users = "/run/user", shared = "/dev/shm", uid = process.getuid?.() ?? 0 }: MemoryFolderOptions,
): Promise<{ readonly folder: string } | { readonly problem: string }> {
  const above = runtime ?? join(users, String(uid));
  const candidates = [
    { above, path: join(above, name), own: true },
    { above: shared, path: join(shared, `${name}-${String(uid)}`), own: false },
  ];
  const problems: string[] = [];
  for (const { above, path, own } of candidates) {
    const problem = (await problemAbove(above, own, uid)) ?? (await problemOf(above, path, uid));
    if (problem === undefined) return { folder: path };
    if (!(own && runtime === undefined)) problems.push(problem);
  }
  return { problem: problems.join("; ") };
}

/** Whoever may write to the folder above may put another one in the place of ours, but where the sticky bit keeps it. */
async function problemAbove(above: string, own: boolean, uid: number): Promise<string | undefined> {
  try {
    const there = await lstat(above);
    if (!there.isDirectory()) return `${above} is not a folder`;
    if (own) return there.uid === uid && (there.mode & 0o077) === 0 ? undefined : `${above} is open to others`;
    return (there.mode & 0o022) === 0 || (there.mode & 0o1000) !== 0 ? undefined : `${above} lets others replace what is in it`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Whether a folder is this user's, closed to others, and on no disk: XDG_RUNTIME_DIR should be. */
export async function isPrivateInMemory(folder: string, uid = process.getuid?.() ?? 0): Promise<boolean> {
  return (await problemAbove(folder, true, uid)) === undefined && (await isInMemory(folder).catch(() => false));
}

async function problemOf(above: string, path: string, uid: number): Promise<string | undefined> {
  try {
    if (!(await isInMemory(above))) return `${above} is not in memory`;
    await access(above, constants.W_OK | constants.X_OK);
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
    const there = await lstat(path); // a link is somebody's trick
    if (!there.isDirectory()) return `${path} is not a folder`;
    if (there.uid !== uid) return `${path} is another user's`;
    if ((there.mode & 0o077) !== 0) await chmod(path, 0o700);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
