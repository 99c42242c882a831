/** What `config install` made, so that `config remove` can undo it. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../ground/atomic-file.js";

const record = z.object({
  schema: z.literal(1),
  /** Files with our line. */
  files: z.array(z.object({ path: z.string(), madeFile: z.boolean(), madeFolder: z.boolean() })),
  /** Folders that were made for ours, the innermost first. */
  folders: z.array(z.string()),
});
export type InstallRecord = Omit<z.output<typeof record>, "schema">;

const fileIn = (folder: string) => join(folder, "installed.json");

/** Where it cannot be read, nothing is known to be ours but our line and our files. */
export async function readRecord(folder: string): Promise<InstallRecord> {
  try {
    return record.parse(JSON.parse(await readFile(fileIn(folder), "utf8")));
  } catch {
    return { files: [], folders: [] };
  }
}

export const writeRecord = (folder: string, { files, folders }: InstallRecord): Promise<void> =>
  writeFileAtomically(fileIn(folder), `${JSON.stringify({ schema: 1, files, folders })}\n`, 0o600);

export const removeRecord = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });
