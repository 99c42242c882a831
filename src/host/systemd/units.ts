/** The units that run ssh-trust-host.sh where systemd does. */
import { readFile } from "node:fs/promises";

export const unitNames = ["ssh-trust-host.service", "ssh-trust-host.timer"] as const;

/** Their texts, by name. */
export const readUnits = (): Promise<readonly (readonly [name: string, text: string])[]> =>
  Promise.all(unitNames.map(async (name) => [name, await readFile(new URL(name, import.meta.url), "utf8")] as const));
