/** What was installed of a fleet follows the fleet. */
import type { StoredFleet } from "../../fleet/stored.js";
import type { SshConfigPlaces } from "../../settings/ssh-config.js";
import { fleetFiles, textOf, writeFiles } from "./fleet-files.js";
import type { FleetServer } from "./server-name.js";

/**
 * Writes a fleet's files again where they are there and the fleet, or the agent's socket, has changed. Nothing happens where `config
 * install` or `config print` has not made them. It asks no server, starts no program, and throws nothing: where a file cannot be written,
 * the old one stays whole.
 * @param server where the person signed in: a fleet can change its own server's files only
 * @returns whether something was written
 */
export async function keepConfigCurrent(stored: StoredFleet, server: FleetServer, places: SshConfigPlaces): Promise<boolean> {
  try {
    const { block, knownHosts } = await fleetFiles(stored, server, places);
    const there = [];
    for (const file of [knownHosts, block]) if ((await textOf(file.path)) !== undefined) there.push(file);
    return await writeFiles(there, places.folder);
  } catch {
    return false;
  }
}
