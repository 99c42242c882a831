/** The cloud's networks. */
import { ensureNetwork } from "../docker/networks.js";
import { lab as names } from "../../src/settings.js";
import type { Lab } from "../lab.js";

/** Makes the cloud's networks, unless they are there. @throws SUBNET_TAKEN */
export async function ensureCloud(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  await ensureNetwork(engine, names.network); // Vault's
  for (const { name, subnet } of [names.cloud.network, names.cloud.elastic]) await ensureNetwork(engine, name, subnet);
}
