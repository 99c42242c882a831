/**
 * Hosts that cannot be enrolled, such as appliances: an operator gives their keys, and the directory tells them to people. A host writes
 * nothing here; whoever adds and removes hosts does.
 */
import * as z from "zod";
import { isFailure } from "../errors/catalogue.js";
import { store } from "../fleet/vault-names.js";
import { printable } from "../ground/printable.js";
import { parsePublicKey, keyLine, type PublicKey } from "../ssh/public-key.js";
import type { VaultApi } from "../vault/api.js";
import { attempt, type Read } from "./read.js";
import { bytesOf, tooDeep } from "./record-size.js";

/** Where the keys of an uncertified host are, below the store. */
export const uncertifiedEntryOf = (name: string): string => `${store}/data/uncertified/${name}`;
export const uncertifiedMetadataOf = (name: string): string => `${store}/metadata/uncertified/${name}`;
export const uncertifiedList = `${store}/metadata/uncertified`;

/** More than any sshd has. */
export const mostUncertifiedKeys = 16;
const mostBytes = 64 * 1024;

const record = z.object({
  schema: z.literal(1),
  host: z.string().max(253).transform(printable),
  keys: z.array(z.string().max(8192)).min(1).max(mostUncertifiedKeys),
});
const entry = z.object({
  data: z.object({
    data: z.unknown(),
    metadata: z.object({ created_time: z.string().pipe(z.coerce.date()), version: z.number().int() }),
  }),
});

/** What an operator said of a host. */
export interface Registered {
  readonly keys: readonly Read<PublicKey>[];
}

export interface RegisteredEntry {
  readonly entry: Read<Registered>;
  /** When it was written, by Vault's clock. */
  readonly at: Date;
  /** Of the entry, counted from 1. */
  readonly version: number;
}

/** The keys that were given for a host; undefined where none were. @param name its full name, which is checked already */
export async function readUncertified(api: VaultApi, name: string): Promise<RegisteredEntry | undefined> {
  const found = await api.read(uncertifiedEntryOf(name), entry);
  if (found === undefined) return undefined;
  const { data, metadata } = found.data;
  return { entry: parseRegistered(data, name), at: metadata.created_time, version: metadata.version };
}

/** @param value what Vault's store has for the host */
export function parseRegistered(value: unknown, name: string): Read<Registered> {
  const size = bytesOf(value);
  if (size === undefined) return { problem: tooDeep };
  if (size > mostBytes) return { problem: "it is longer than 64 KiB" };
  const parsed = record.safeParse(value);
  if (!parsed.success) return { problem: "it is not a record of an uncertified host's keys" };
  const { host, keys } = parsed.data;
  if (host !== name) return { problem: `it says that it is ${host}` };
  return { read: { keys: keys.map((each) => attempt(() => parsePublicKey(each))) } };
}

/** What is stored for a host. Comments are left out: they say who made the key. */
export const toRegister = (name: string, keys: readonly PublicKey[]) => ({
  schema: 1,
  host: name,
  keys: keys.map((key) => keyLine({ ...key, comment: "" })),
});

/** The names of all that were registered. */
export const listUncertified = (api: VaultApi): Promise<readonly string[]> => api.list(uncertifiedList);

/** A token whose policy is older than uncertified hosts are cannot have registered any. @throws any other error */
export function ofOlderPolicy(error: unknown): undefined {
  if (isFailure(error, "VAULT_PERMISSION_DENIED")) return undefined;
  throw error;
}
