/** A new fleet file: never in the place of another. */
import { constants } from "node:fs";
import { copyFile, link, lstat, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { randomBytes } from "node:crypto";
import { fail } from "../errors/catalogue.js";
import { checkWritable, writeFileAtomically } from "../ground/atomic-file.js";
import { systemCode } from "../ground/system-error.js";
import { parseFleet } from "./parse-fleet.js";
import { fleetTemplate, type Beginning } from "./template.js";
import { writeSchema } from "./write-schema.js";

/** @throws FLEET_FILE_EXISTS, whatever is there; FILE_NOT_WRITTEN where nothing could be written */
export async function checkNewFleetFile(file: string): Promise<void> {
  const there = await lstat(file).then(
    () => true,
    () => false,
  );
  if (there) throw fail("FLEET_FILE_EXISTS", { file });
  await mkdir(dirname(file), { recursive: true });
  await checkWritable(file);
}

/** The text of a new fleet file, which is read as `apply` will read it. @throws FLEET_FILE_INVALID */
export function newFleetText(beginning: Beginning, file: string): string {
  const text = fleetTemplate(beginning);
  parseFleet(text, file);
  return text;
}

/**
 * Writes the JSON schema, and beside it the file, whole: one that is there has its schema.
 * @throws FLEET_FILE_EXISTS where somebody was quicker; Node's own system errors, which name a file
 */
export async function createFleetFile(file: string, text: string): Promise<void> {
  await writeSchema(dirname(file));
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFileAtomically(draft, text, 0o644);
    // Some file systems have no links.
    await link(draft, file).catch((error: unknown) => {
      if (systemCode(error) === "EEXIST") throw error;
      return copyFile(draft, file, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (systemCode(error) === "EEXIST") throw fail("FLEET_FILE_EXISTS", { file }, error);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
