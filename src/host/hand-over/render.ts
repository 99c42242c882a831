/** What a host is given, in the form that brings it to the host. */
import { envText } from "./env.js";
import type { Handed } from "./files.js";
import { readHostProgram } from "./program.js";
import { shellScript } from "./shell.js";
import { userData } from "./user-data.js";

export const handOverFormats = ["user-data", "shell", "env"] as const;
export type HandOverFormat = (typeof handOverFormats)[number];

/** How the file of a host ends that is one of several. */
export const endings: Readonly<Record<HandOverFormat, string>> = { "user-data": "user-data", shell: "sh", env: "env" };

/**
 * Reads what is needed for a format beforehand, so that nothing is missing when an identity is there.
 * @param installed whether the machine has the script and its units already
 */
export async function renderer(format: HandOverFormat, installed = false): Promise<(handed: Handed) => string> {
  if (format === "env") return envText;
  const program = installed ? undefined : await readHostProgram();
  return (handed) => (format === "shell" ? shellScript : userData)(handed, program);
}
