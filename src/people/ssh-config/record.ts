/** What `config install` made, so that `config remove` can undo it; and what was accepted of each fleet. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { serverName, type FleetServer } from "./server-name.js";

const record = z.object({
  schema: z.literal(1),
  /** Files with our line. */
  files: z.array(z.object({ path: z.string(), madeFile: z.boolean(), madeFolder: z.boolean() })),
  /** Folders that were made for ours, the innermost first. */
  folders: z.array(z.string()),
  /** By the name of the server: the domains of the fleet that somebody has seen, and agreed to. */
  accepted: z.record(z.string(), z.array(z.string())).default({}),
});
export type InstallRecord = Omit<z.output<typeof record>, "schema">;

const fileIn = (folder: string) => join(folder, "installed.json");

/** Where it cannot be read, nothing is known to be ours but our line and our files. */
export async function readRecord(folder: string): Promise<InstallRecord> {
  try {
    return record.parse(JSON.parse(await readFile(fileIn(folder), "utf8")));
  } catch {
    return { files: [], folders: [], accepted: {} };
  }
}

export const writeRecord = (folder: string, { files, folders, accepted }: InstallRecord): Promise<void> =>
  writeFileAtomically(fileIn(folder), `${JSON.stringify({ schema: 1, files, folders, accepted })}\n`, 0o600);

/** Undefined where nobody was asked. */
export const acceptedOf = ({ accepted }: InstallRecord, server: FleetServer): readonly string[] | undefined =>
  Object.hasOwn(accepted, serverName(server)) ? accepted[serverName(server)] : undefined;

export const withAccepted = (record: InstallRecord, server: FleetServer, domains: readonly string[]): InstallRecord => ({
  ...record,
  accepted: { ...record.accepted, [serverName(server)]: [...domains] },
});

export const removeRecord = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });
