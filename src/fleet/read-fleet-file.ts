/** Reads the fleet file. */
import { open, type FileHandle } from "node:fs/promises";
import { fail } from "../errors/catalogue.js";
import { verb } from "../errors/hint.js";
import { systemCode } from "../ground/system-error.js";
import { whyUnread } from "../ground/unread-file.js";
import type { Fleet } from "./fleet.js";
import { parseFleet } from "./parse-fleet.js";

/** Where it is where nothing else is said: in the folder that a person stands in. */
export const fleetFileName = "ssh-trust.yaml";

/** In bytes; a file in which every character has four is below it where its characters are few enough. */
const most = 4_000_000;

/**
 * Reads a fleet file, such as `ssh-trust.yaml`, from a disk or a pipe: UTF-8, at most 1,000,000 characters.
 * @param path as a person writes it; messages name the file so
 * @returns the fleet, checked, with every default filled in. Times are seconds; docs/fleet.md has each key
 * @throws FLEET_FILE_MISSING: it cannot be read; FLEET_FILE_INVALID, with every mistake, as parseFleet
 * @example
 * ```ts
 * import { readFleetFile } from "ssh-trust";
 *
 * const fleet = await readFleetFile("ssh-trust.yaml");
 * console.log(fleet.hosts[0]?.name, fleet.hosts[0]?.names); // web [ 'web-*.example.org' ]
 * console.log(fleet.access[0]?.for); // 60
 * ```
 */
export async function readFleetFile(path: string): Promise<Fleet> {
  let bytes: Buffer;
  try {
    await using file = await open(path);
    bytes = await readAll(file);
  } catch (error) {
    const { reason, how } = whyUnread(path, error);
    throw fail("FLEET_FILE_MISSING", { file: path, reason, how: systemCode(error) === "ENOENT" ? nameOrMake : how }, error);
  }
  return parseFleet(decoded(bytes, path), path);
}

const nameOrMake = {
  say: "name it with --file, or make one",
  run: verb("init --vault https://vault.example.org:8200 --domain example.org"),
};

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
