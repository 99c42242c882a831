/** The JSON schema beside a fleet file, where its first line points an editor to. */
import { mkdir, readFile } from "node:fs/promises";
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
 * Writes the schema of this version, where another is there.
 * @param folder of the fleet file
 * @throws Node's own system errors, which name a file
 */
export async function writeSchema(folder: string): Promise<void> {
  const own = join(folder, besideFleetFile);
  await mkdir(own, { recursive: true });
  for (const [name, text] of [
    [".gitignore", "*\n"],
    ["schema.json", schemaText()],
  ] as const) {
    const file = join(own, name);
    if ((await readFile(file, "utf8").catch(() => "")) !== text) await writeFileAtomically(file, text, 0o644);
  }
}
