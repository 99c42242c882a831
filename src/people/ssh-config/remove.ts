/** Takes away what `config install` and `config print` made: every other line stays as it is. */
import { rm, rmdir } from "node:fs/promises";
import { basename } from "node:path";
import { isThere } from "../../ground/new-file.js";
import type { SshConfigPlaces } from "../../settings/ssh-config.js";
import { readBlock } from "./block.js";
import { blockEnding, filesIn, includePattern, includeWord, knownHostsEnding, textOf } from "./fleet-files.js";
import { includeLine, linesOfOurs, withoutLine } from "./include-line.js";
import { readRecord, removeRecord, writeRecord } from "./record.js";
import { checkChangeable, personsFile, readTarget, removeTarget, writeTarget, type Target } from "./target.js";

export interface RemoveRequest {
  readonly places: SshConfigPlaces;
  /** Only this file's line; undefined: the line of every file that it was written to, and the fleets' files. */
  readonly file: string | undefined;
  /** Only the files of the fleet of this server. */
  readonly address: string | undefined;
}

/** @returns what was done, a line for each. @throws CONFIG_NOT_A_FILE, CONFIG_NOT_WRITABLE, CONFIG_CHANGED, CONFIG_PATH, and system errors */
export async function removeConfig({ places, file, address }: RemoveRequest): Promise<readonly string[]> {
  const { folder, sshHome } = places;
  const ours = await filesIn(folder);
  const going = address === undefined ? ours : await filesOf(ours, address);
  const staying = ours.filter((each) => !going.includes(each));
  const record = await readRecord(folder);
  const byHand = { what: "take this line away", line: includeLine(includeWord(folder)) };
  const named = file === undefined ? [...new Set([...record.files.map(({ path }) => path), personsFile(sshHome)])] : [file];
  const pattern = includePattern(folder);
  const changing: Target[] = [];
  // The line stays as long as it includes something.
  if (!staying.some((each) => each.endsWith(blockEnding))) {
    for (const path of named) {
      const target = await readTarget(path, byHand).catch((error: unknown) => {
        if (file !== undefined) throw error;
        return undefined; // a folder, or a link to nowhere: nothing of ours is in it
      });
      if (target === undefined || linesOfOurs(target.text ?? "", pattern).length === 0) continue;
      await checkChangeable(target, byHand);
      changing.push(target);
    }
  }
  const did: string[] = [];
  for (const target of changing) {
    const text = withoutLine(target.text ?? "", pattern);
    const made = record.files.find(({ path }) => path === target.path);
    if (text === "" && made?.madeFile === true) {
      await removeTarget(target, made.madeFolder);
      did.push(`${target.path} is removed: nothing else was in it`);
    } else {
      await writeTarget(target, text, byHand);
      did.push(`${target.path}: the line is taken out`);
    }
  }
  const left = record.files.filter(({ path }) => !changing.some((target) => target.path === path));
  const isUsedElsewhere =
    file !== undefined &&
    (await stillIncluded(
      left.map(({ path }) => path),
      pattern,
      byHand,
    ));
  if (!isUsedElsewhere) {
    for (const each of going) {
      await rm(each, { force: true });
      did.push(`${each} is removed`);
    }
  }
  if (staying.length === 0 && !isUsedElsewhere) {
    await removeRecord(folder);
    await rmdir(folder).catch(() => undefined);
    for (const each of record.folders) await rmdir(each).catch(() => undefined); // those that others use stay
  } else if (await isThere(folder)) {
    const gone = isUsedElsewhere ? [] : going.map((each) => basename(each, blockEnding));
    const accepted = Object.fromEntries(Object.entries(record.accepted).filter(([name]) => !gone.includes(name)));
    await writeRecord(folder, { ...record, files: left, accepted });
  }
  return did;
}

async function stillIncluded(
  paths: readonly string[],
  pattern: string,
  byHand: { what: string; line: string },
): Promise<boolean> {
  for (const path of paths) {
    const text = (await readTarget(path, byHand).catch(() => undefined))?.text ?? "";
    if (linesOfOurs(text, pattern).length > 0) return true;
  }
  return false;
}

/** Both files of each fleet of a server, whatever its namespace. */
async function filesOf(ours: readonly string[], address: string): Promise<readonly string[]> {
  const stems: string[] = [];
  for (const each of ours.filter((one) => one.endsWith(blockEnding))) {
    const { server } = readBlock((await textOf(each)) ?? "");
    if (server === address || server.startsWith(`${address} (namespace `)) stems.push(each.slice(0, -blockEnding.length));
  }
  return ours.filter((each) => stems.some((stem) => each === `${stem}${blockEnding}` || each === `${stem}${knownHostsEnding}`));
}
