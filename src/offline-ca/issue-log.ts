/** `issued.jsonl`: every certificate that was signed, and every key that was given to a Vault. One JSON object a line. */
import { open, readFile } from "node:fs/promises";
import * as z from "zod";
import { aboutFile } from "../ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { caKeyTypes, keyTypes, logFile, type CaKind } from "./layout.js";

const kind = z.enum(["host", "user"]);
const time = z.iso.datetime();

const issued = z.strictObject({
  event: z.literal("issued"),
  at: time,
  /** Decimal. */
  serial: z.string().regex(/^[0-9]{1,20}$/),
  kind,
  /** A host's short name, or a person. */
  name: z.string(),
  identity: z.string(),
  principals: z.array(z.string()),
  keyType: z.enum(keyTypes.user),
  /** Fingerprints. */
  publicKey: z.string(),
  signingCa: z.string(),
  validFrom: time,
  validTo: time,
  extensions: z.array(z.string()),
});

const imported = z.strictObject({
  event: z.literal("imported"),
  at: time,
  kind,
  keyType: z.enum(caKeyTypes),
  signingCa: z.string(),
  address: z.string(),
  mount: z.string(),
});

export type Issued = z.infer<typeof issued>;
export type Imported = z.infer<typeof imported>;

const line = z.discriminatedUnion("event", [issued, imported]);

/**
 * All entries, the oldest first. What a killed writer left of a line counts as not written.
 * @throws OFFLINE_CA_LOG_DAMAGED
 */
export async function readLog(dir: string): Promise<readonly (Issued | Imported)[]> {
  const file = logFile(dir);
  return wholeLines(await readFile(file)).map((each, index) => {
    const parsed = line.safeParse(jsonOf(each));
    if (parsed.success) return parsed.data;
    throw fail("OFFLINE_CA_LOG_DAMAGED", { file: shellWord(file), line: String(index + 1) });
  });
}

export const issuedOf = (log: readonly (Issued | Imported)[]) => log.filter((entry) => entry.event === "issued");
export const importedOf = (log: readonly (Issued | Imported)[]) => log.filter((entry) => entry.event === "imported");

/** Appends entries, durably; call it under the lock. */
export async function appendToLog(dir: string, entries: readonly (Issued | Imported)[]): Promise<void> {
  await atEndOfLog(dir, async (write) => {
    await write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  });
}

/**
 * Finds out whether an entry could be appended, on this disk and by this person; call it under the lock. It is written without
 * its line break, which makes it no entry, and taken back.
 */
export async function rehearseAppend(dir: string, entry: Issued | Imported): Promise<void> {
  await atEndOfLog(dir, async (write, takeBack) => {
    await write(JSON.stringify(entry));
    await takeBack();
  });
}

/** Opens the log behind its last whole line. Where the work fails, the log is as it was. */
async function atEndOfLog(
  dir: string,
  work: (write: (text: string) => Promise<void>, takeBack: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const file = logFile(dir);
  const end = endOfLines(await readFile(file));
  const handle = await open(file, "r+");
  const takeBack = () => handle.truncate(end);
  const write = async (text: string) => {
    const added = Buffer.from(text);
    // On a full disk a part is written, and the next write says why.
    for (let done = 0; done < added.length;) {
      done += (await handle.write(added, done, added.length - done, end + done)).bytesWritten;
    }
    await handle.sync();
  };
  try {
    await takeBack();
    await work(write, takeBack);
  } catch (error) {
    await takeBack().catch(() => undefined);
    throw aboutFile(error, file);
  } finally {
    await handle.close();
  }
}

/** In bytes: behind the last line break. */
const endOfLines = (bytes: Buffer) => bytes.lastIndexOf("\n") + 1;

/** Their bytes. Within a character of UTF-8 there is no line break. */
const wholeLines = (bytes: Buffer) =>
  bytes
    .toString("latin1", 0, endOfLines(bytes))
    .split("\n")
    .slice(0, -1)
    .map((each) => Buffer.from(each, "latin1"));

/** undefined where it is none, or not UTF-8 */
function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** What the CA calls the next certificate of a name: "web_v01", then "web_v02", never one of them again. */
export function nextIdentity(log: readonly (Issued | Imported)[], of: CaKind, name: string): string {
  const versions = issuedOf(log)
    .filter((entry) => entry.kind === of && entry.name === name)
    .map((entry) => Number(/_v([0-9]+)$/.exec(entry.identity)?.[1] ?? 0));
  return `${name}_v${String(Math.max(0, ...versions) + 1).padStart(2, "0")}`;
}
