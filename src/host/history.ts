/** What a host said before: the versions of its entry that Vault's store still has, and how its keys changed. */
import * as z from "zod";
import { inParallel } from "../ground/in-parallel.js";
import type { VaultApi } from "../vault/api.js";
import { entryMetadataOf, entryOf } from "./host.js";
import { readEntry, type HostEntry } from "./inventory.js";
import type { Read } from "./read.js";

const versions = z.object({
  data: z.object({
    versions: z.record(z.string().regex(/^\d+$/), z.object({ deletion_time: z.string(), destroyed: z.boolean() })),
  }),
});
const version = z.object({
  data: z.object({ data: z.unknown(), metadata: z.object({ created_time: z.string().pipe(z.coerce.date()) }) }),
});

/** A version never changes: whoever has read it needs not read it again. */
export interface EntryVersion {
  readonly version: number;
  /** By Vault's clock. */
  readonly at: Date;
  readonly entry: Read<HostEntry>;
}

/** What is read at a time. */
const width = 4;

/** The numbers of the versions that can be read, the oldest first; none where nothing is. */
export async function versionsOf(api: VaultApi, name: string): Promise<readonly number[]> {
  return Object.entries((await api.read(entryMetadataOf(name), versions))?.data.versions ?? {})
    .filter(([, { deletion_time: deleted, destroyed }]) => deleted === "" && !destroyed)
    .map(([number]) => Number(number))
    .sort((a, b) => a - b);
}

/** Some of its versions, in the order in which they are asked for; those that are gone by now are left out. */
export async function readVersions(api: VaultApi, name: string, numbers: readonly number[]): Promise<readonly EntryVersion[]> {
  const read = await inParallel(numbers, width, async (number): Promise<EntryVersion | undefined> => {
    const found = (await api.read(`${entryOf(name)}?version=${String(number)}`, version))?.data;
    return found === undefined ? undefined : { version: number, at: found.metadata.created_time, entry: readEntry(found.data) };
  });
  return read.filter((each) => each !== undefined);
}
