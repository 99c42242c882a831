/** Containers: started, stopped, started again, removed. Every one carries the project's label. */
import type Docker from "dockerode";
import { fail } from "../errors/catalogue.js";
import { asking, statusOf, unlessDone, type Engine } from "./engine.js";
import { putFiles } from "./files.js";
import { inspectContainer, type ContainerState } from "./inspect.js";
import { attach, explainAddress } from "./networks.js";
import { holderOf, isFree } from "./ports.js";
import { waitUntilReady, type Ready } from "./ready.js";
import { optionsFor, spellOut, type ContainerSpec } from "./spec.js";

/**
 * Starts a container as specified; one that runs with the same specification and meets its condition is kept.
 * A container that does not become ready is removed again.
 * @throws CONTAINER_NAME_TAKEN, LAB_TAKEN, PORT_TAKEN, CONTAINER_NOT_READY, DOCKER_FAILED
 */
export async function startContainer(engine: Engine, spec: ContainerSpec, ready: Ready): Promise<"kept" | "started"> {
  const spelled = await spellOut(engine, spec);
  const there = await inspectContainer(engine, spec.name);
  if (there !== undefined && !there.ours) throw nameTaken(there);
  if (there !== undefined && (there.running || there.paused) && there.spec === spelled) {
    // An interrupted chapter left it so. What it has in memory, such as Vault's CAs, would be gone with it.
    if (there.paused) await asking(`unpause the container ${spec.name}`, unlessDone(engine.getContainer(spec.name).unpause()));
    await putFiles(engine, spec.name, spec.files);
    if (await ready.check()) return "kept";
  }
  await removeContainer(engine, spec.name);
  await create(engine, spec, spelled, ready);
  return "started";
}

/**
 * Starts a container that must be a new one: what has its name is left alone, ours too.
 * @throws CONTAINER_NAME_TAKEN, ADDRESS_IN_USE, PORT_TAKEN, CONTAINER_NOT_READY, DOCKER_FAILED
 */
export async function startNewContainer(engine: Engine, spec: ContainerSpec, ready: Ready): Promise<void> {
  await create(engine, spec, await spellOut(engine, spec), ready);
}

async function create(engine: Engine, spec: ContainerSpec, spelled: string, ready: Ready): Promise<void> {
  if (spec.port !== undefined && !(await isFree(spec.port.outside))) await refusePort(engine, spec.name, spec.port.outside);
  const creating = engine.createContainer(optionsFor(spec, spelled, engine.owner)).catch((error: unknown) => {
    if (statusOf(error) === 409) throw fail("CONTAINER_NAME_TAKEN", { name: spec.name }, error);
    throw error;
  });
  const container = await asking(`create the container ${spec.name}`, creating);
  try {
    await putFiles(engine, spec.name, spec.files);
    for (const place of spec.places.slice(1)) await attach(engine, spec.name, place);
    await start(engine, container, spec);
    await waitUntilReady(engine, spec.name, ready);
  } catch (error) {
    // By its id: its name may be another's by now.
    await unlessDone(container.remove({ force: true, v: true }));
    throw error;
  }
}

async function start(engine: Engine, container: Docker.Container, spec: ContainerSpec): Promise<void> {
  try {
    await explainAddress(container.start(), spec.places[0].address);
  } catch (error) {
    const port = spec.port?.outside;
    if (port !== undefined && /port is already allocated|address already in use/.test(String(error))) {
      await refusePort(engine, spec.name, port, error);
    }
    await asking(`start the container ${spec.name}`, Promise.reject(error as Error));
  }
}

/** Ends what runs in a container of ours; its disk stays. */
export async function stopContainer(engine: Engine, name: string): Promise<void> {
  await asking(`stop the container ${name}`, unlessDone(engine.getContainer(name).stop({ t: 5 })));
}

/** Ends what runs in a container of ours at once, as a power cut does; its disk stays. */
export async function killContainer(engine: Engine, name: string): Promise<void> {
  await asking(`kill the container ${name}`, engine.getContainer(name).kill());
}

/** Starts a stopped container of ours again. @throws ADDRESS_IN_USE, CONTAINER_NOT_READY, DOCKER_FAILED */
export async function resumeContainer(engine: Engine, name: string, address: string | undefined, ready: Ready): Promise<void> {
  const starting = explainAddress(unlessDone(engine.getContainer(name).start()), address);
  await asking(`start the container ${name}`, starting);
  await waitUntilReady(engine, name, ready);
}

/** Ends and starts what runs in a container of ours; address and disk stay. */
export async function restartContainer(engine: Engine, name: string, ready: Ready): Promise<void> {
  await asking(`restart the container ${name}`, engine.getContainer(name).restart({ t: 5 }));
  await waitUntilReady(engine, name, ready);
}

/** Stops and removes a container of ours; false if there was none. Somebody else's is left alone. */
export async function removeContainer(engine: Engine, name: string): Promise<boolean> {
  const there = await inspectContainer(engine, name);
  if (there?.ours !== true) return false;
  await unlessDone(engine.getContainer(name).remove({ force: true, v: true }));
  return true;
}

/** By the lab of another checkout, or by somebody else. */
function nameTaken({ container, other }: ContainerState) {
  if (other === undefined) return fail("CONTAINER_NAME_TAKEN", { name: container });
  return fail("LAB_TAKEN", { what: `the container "${container}"`, ...other });
}

async function refusePort(engine: Engine, wanted: string, port: number, cause?: unknown): Promise<never> {
  const holder = await holderOf(engine, port);
  throw fail("PORT_TAKEN", { port: String(port), holder, wanted }, cause);
}
