/** Reads the fleet file. */
import { open, type FileHandle } from "node:fs/promises";
import { fail, reasonOf } from "../errors/catalogue.js";
import type { Fleet } from "./fleet.js";
import { parseFleet } from "./parse-fleet.js";

/** Where it is where nothing else is said: in the folder that a person stands in. */
export const fleetFileName = "ssh-trust.yaml";

/** In bytes; a file in which every character has four is below it where its characters are few enough. */
const most = 4_000_000;

/**
 * @param path as a person writes it; messages name the file so
 * @throws FLEET_FILE_MISSING: it cannot be read; FLEET_FILE_INVALID, with every mistake
 */
export async function readFleetFile(path: string): Promise<Fleet> {
  let bytes: Buffer;
  try {
    await using file = await open(path);
    bytes = await readAll(file);
  } catch (error) {
    throw fail("FLEET_FILE_MISSING", { file: path, reason: reasonOf(error) }, error);
  }
  return parseFleet(decoded(bytes, path), path);
}

/** At most one byte too many: what is read may be a pipe without an end. */
async function readAll(file: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of file.createReadStream({ end: most })) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > most) break;
  }
  return Buffer.concat(parts);
}

function decoded(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const mistakes = `${file}: it is not UTF-8 text`;
    throw fail("FLEET_FILE_INVALID", { file, count: "a mistake", mistakes }, error);
  }
}
