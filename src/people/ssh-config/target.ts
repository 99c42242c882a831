/** The person's own file: read, and written in one step, with the owner and the mode that it has. A link stays a link. */
import { constants } from "node:fs";
import { access, lstat, readFile, realpath, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, isFailure, reasonOf } from "../../errors/catalogue.js";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { systemCode } from "../../ground/system-error.js";

export interface Target {
  /** As it was named. */
  readonly path: string;
  /** Where its bytes are: what a link leads to. */
  readonly real: string;
  /** As latin1; undefined: it is not there. */
  readonly text: string | undefined;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** Whether its folder is there. */
  readonly hasFolder: boolean;
}

export const personsFile = (sshHome: string): string => join(sshHome, ".ssh/config");

/** What a person can do by themselves where we cannot: for the hint. */
export interface ByHand {
  /** Such as "put this line at its top". */
  readonly what: string;
  readonly line: string;
}

/** @throws CONFIG_NOT_A_FILE, CONFIG_NOT_WRITABLE */
export async function readTarget(path: string, byHand: ByHand): Promise<Target> {
  const refuse = (reason: string, cause?: unknown) => fail("CONFIG_NOT_WRITABLE", { file: path, reason, ...byHand }, cause);
  const isLink = await lstat(path).then(
    (there) => there.isSymbolicLink(),
    () => false,
  );
  try {
    const real = await realpath(path);
    const there = await stat(real);
    if (!there.isFile()) throw fail("CONFIG_NOT_A_FILE", { file: path, what: there.isDirectory() ? "a folder" : "not a file" });
    const { uid, gid } = there;
    return { path, real, text: await readFile(real, "latin1"), mode: there.mode & 0o7777, owner: { uid, gid }, hasFolder: true };
  } catch (error) {
    if (isFailure(error)) throw error;
    if (systemCode(error) !== "ENOENT") throw systemCode(error) === undefined ? error : refuse(reasonOf(error), error);
    if (isLink) throw refuse("it is a link to a file that is not there", error);
    const folder = await realpath(dirname(path)).catch(() => undefined);
    const real = folder === undefined ? path : join(folder, path.slice(dirname(path).length + 1));
    return { path, real, text: undefined, mode: 0o600, owner: undefined, hasFolder: folder !== undefined };
  }
}

/** Before anybody is asked. @throws CONFIG_NOT_WRITABLE */
export async function checkChangeable({ path, real, text, hasFolder }: Target, byHand: ByHand): Promise<void> {
  try {
    await access(hasFolder ? dirname(real) : dirname(dirname(real)), constants.W_OK);
    if (text !== undefined) await access(real, constants.W_OK);
  } catch (error) {
    throw fail("CONFIG_NOT_WRITABLE", { file: path, reason: reasonOf(error), ...byHand }, error);
  }
}

/** @param text as latin1. @throws CONFIG_CHANGED, CONFIG_NOT_WRITABLE */
export async function writeTarget(target: Target, text: string, byHand: ByHand): Promise<void> {
  await checkUnchanged(target);
  try {
    await writeFileAtomically(target.real, Buffer.from(text, "latin1"), target.mode, target.owner);
  } catch (error) {
    throw fail("CONFIG_NOT_WRITABLE", { file: target.path, reason: reasonOf(error), ...byHand }, error);
  }
}

/** Takes a file away that we made, and its folder where we made that too, and nothing else is in it. @throws CONFIG_CHANGED */
export async function removeTarget(target: Target, folderToo: boolean): Promise<void> {
  await checkUnchanged(target);
  await rm(target.real);
  if (folderToo) await rmdir(dirname(target.real)).catch(() => undefined);
}

async function checkUnchanged({ path, real, text }: Target): Promise<void> {
  const now = await readFile(real, "latin1").catch(() => undefined);
  if (now !== text) throw fail("CONFIG_CHANGED", { file: path });
}
