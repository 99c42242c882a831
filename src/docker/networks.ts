/** The lab's network: containers on it find one another by name. */
import { lab } from "../settings.js";
import { asking, statusOf, type Engine } from "./engine.js";

/** Makes the network unless it is there. */
export async function ensureNetwork(engine: Engine, name: string): Promise<void> {
  try {
    await engine.getNetwork(name).inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await asking(
      `make the network ${name}`,
      engine.createNetwork({ Name: name, Driver: "bridge", CheckDuplicate: true, Labels: { [lab.label]: "network" } }),
    );
  }
}

/** Puts somebody else's container on the network too, so that ours reach it by its name. */
export async function joinNetwork(engine: Engine, name: string, container: string): Promise<void> {
  try {
    await engine.getNetwork(name).connect({ Container: container });
  } catch (error) {
    if (statusOf(error) !== 403) throw error; // 403: it is on that network already
  }
}

/** The name and inner port of the container that publishes a port of this machine. */
export async function publisherOf(engine: Engine, port: number): Promise<{ name: string; inside: number } | undefined> {
  for (const container of await engine.listContainers()) {
    const match = container.Ports.find(({ PublicPort }) => PublicPort === port);
    const name = container.Names[0]?.replace(/^\//, "");
    if (match !== undefined && name !== undefined) return { name, inside: match.PrivatePort };
  }
  return undefined;
}
