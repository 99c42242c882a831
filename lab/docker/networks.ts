/** The lab's network: containers on it find one another by name. */
import { fail, reasonOf } from "../errors/catalogue.js";
import { asking, statusOf, type Engine } from "./engine.js";
import { isOwn, labelsOf, otherOwner } from "./owner.js";
import { overlapping, ownInterfaces } from "./subnets.js";

/**
 * Makes the network unless it is there.
 * @param subnet its addresses, such as "10.203.113.0/24"; Docker's choice without it
 * @throws LAB_TAKEN; SUBNET_TAKEN where this machine would no longer reach a network that it is on
 */
export async function ensureNetwork(engine: Engine, name: string, subnet?: string): Promise<void> {
  try {
    const { Labels } = (await engine.getNetwork(name).inspect()) as { Labels?: Record<string, string> | null };
    const other = isOwn(Labels ?? {}, engine.owner, "network") ? undefined : otherOwner(Labels ?? {}, "network");
    if (other !== undefined) throw fail("LAB_TAKEN", { what: `the network ${name}`, ...other });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    const hidden = subnet === undefined ? undefined : overlapping(subnet, ownInterfaces());
    if (hidden !== undefined)
      throw fail("SUBNET_TAKEN", { subnet: subnet ?? "", by: `${hidden.name} (${hidden.cidr})`, network: name });
    const making = engine.createNetwork({
      Name: name,
      Driver: "bridge",
      CheckDuplicate: true,
      Labels: labelsOf(engine.owner, "network"),
      ...(subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } }),
    });
    await asking(`make the network ${name}`, making.catch(unlessThere));
  }
}

/** Another task may have made it at the same moment. */
function unlessThere(error: unknown): void {
  if (statusOf(error) !== 409) throw error;
}

/** A place on a network: a fixed address, and the names under which the others there find it. */
export interface Attachment {
  readonly network: string;
  readonly address?: string;
  readonly aliases?: readonly string[];
}

/** A place in the engine's words. */
export const endpointOf = ({ address, aliases }: Attachment) => ({
  ...(address === undefined ? {} : { IPAMConfig: { IPv4Address: address } }),
  ...(aliases === undefined ? {} : { Aliases: [...aliases] }),
});

/** Puts a container on a network, or on another place of it. @throws ADDRESS_IN_USE, DOCKER_FAILED */
export async function attach(engine: Engine, container: string, place: Attachment): Promise<void> {
  const holder = place.address === undefined ? undefined : await holderOfAddress(engine, place.network, place.address);
  if (holder !== undefined && holder !== container) {
    throw fail("ADDRESS_IN_USE", { address: place.address ?? "", holder: `the container "${holder}"` });
  }
  await detach(engine, container, place.network);
  const connecting = engine.getNetwork(place.network).connect({ Container: container, EndpointConfig: endpointOf(place) });
  await asking(`give ${container} a place on ${place.network}`, explainAddress(connecting, place.address));
}

/** Takes a container off a network; its address is free again. */
export async function detach(engine: Engine, container: string, network: string): Promise<void> {
  try {
    await engine.getNetwork(network).disconnect({ Container: container, Force: true });
  } catch (error) {
    const absent = statusOf(error) === 404 || /is not connected to/.test(reasonOf(error));
    if (!absent) throw error;
  }
}

/** The container that has an address of a network, if one that runs has it. */
export async function holderOfAddress(engine: Engine, network: string, address: string): Promise<string | undefined> {
  const { Containers } = (await engine.getNetwork(network).inspect()) as {
    Containers?: Record<string, { Name: string; IPv4Address: string }>;
  };
  return Object.values(Containers ?? {}).find(({ IPv4Address }) => IPv4Address.split("/")[0] === address)?.Name;
}

/** The engine's word for an address that somebody has. */
export async function explainAddress<T>(work: Promise<T>, address = "?"): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (/address already in use/i.test(reasonOf(error)))
      throw fail("ADDRESS_IN_USE", { address, holder: "another container" }, error);
    throw error;
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
