/** The JSON schema beside a fleet file, where its first line points an editor to. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { fleetJsonSchema } from "./json-schema.js";

/** What ssh-trust keeps beside a fleet file; git ignores it, as it is made anew. */
export const besideFleetFile = ".ssh-trust";

/** The first line of a fleet file. */
export const schemaLine = `# yaml-language-server: $schema=${besideFleetFile}/schema.json`;

/** As it is published, too. */
export const schemaText = (): string => `${JSON.stringify(fleetJsonSchema(), undefined, 2)}\n`;

/**
 * Writes the schema of this version.
 * @param folder of the fleet file
 * @throws Node's own system errors, which name a file
 */
export async function writeSchema(folder: string): Promise<void> {
  const own = join(folder, besideFleetFile);
  await mkdir(own, { recursive: true });
  await writeFileAtomically(join(own, ".gitignore"), "*\n", 0o644);
  await writeFileAtomically(join(own, "schema.json"), schemaText(), 0o644);
}
