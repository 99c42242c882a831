/** The cloud's networks. */
import { ensureNetwork } from "../docker/networks.js";
import type { Lab } from "../lab.js";

/** Makes the cloud's networks, unless they are there. @throws SUBNET_TAKEN */
export async function ensureCloud(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  await ensureNetwork(engine, lab.names.network); // Vault's
  for (const { name, subnet } of [lab.names.cloud, lab.names.elastic]) await ensureNetwork(engine, name, subnet);
}
