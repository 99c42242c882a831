/** Containers: started, found, stopped. Every one carries the project's label and none runs with more than it needs. */
import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { fail } from "../errors.js";
import { lab } from "../settings.js";
import { asking, statusOf, unlessDone, type Engine } from "./engine.js";
import { attach, endpointOf, explainAddress, type Attachment } from "./networks.js";
import { holderOf, isFree } from "./ports.js";
import { tarOf, type TarFile } from "./tar.js";

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Where the others find it. The first is the one it starts with. */
  readonly places: readonly [Attachment, ...Attachment[]];
  readonly env: Readonly<Record<string, string>>;
  /** Published on 127.0.0.1 only. */
  readonly port?: { readonly inside: number; readonly outside: number };
  /** Its own name for itself; the container's where it is left out. */
  readonly hostname?: string;
  /** Labels beside the project's own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Files put into the container before it starts; the way secrets get in. Owned by its root. */
  readonly files: readonly TarFile[];
  readonly entrypoint?: readonly string[];
  /** Linux capabilities it keeps; all others are dropped. */
  readonly capabilities: readonly string[];
}

/** A condition that a started container must meet. */
export interface Ready {
  /** What is waited for, as a person would say it. */
  readonly what: string;
  readonly seconds: number;
  /** The command to try it again with, for the hint. */
  readonly again: string;
  readonly check: () => Promise<boolean>;
}

export interface ContainerState {
  /** Its name. */
  readonly container: string;
  readonly running: boolean;
  /** Made by this project. */
  readonly ours: boolean;
  /** The hash of the spec it was made from. */
  readonly spec: string | undefined;
  readonly image: string;
  readonly startedAt: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where it is on each network; a stopped container: where it will be again. */
  readonly places: Readonly<Record<string, { readonly address: string; readonly aliases: readonly string[] }>>;
}

const specLabel = "io.ssh-trust.spec";

/** What is known of a container, or undefined if there is none of that name. */
export async function inspectContainer(engine: Engine, name: string): Promise<ContainerState | undefined> {
  try {
    const info = await engine.getContainer(name).inspect();
    const labels = info.Config.Labels;
    return {
      container: info.Name.replace(/^\//, ""),
      running: info.State.Running && !info.State.Paused,
      ours: labels[lab.label] === "container",
      spec: labels[specLabel],
      image: info.Image,
      startedAt: info.State.StartedAt,
      labels,
      places: placesOf(info.NetworkSettings.Networks),
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** What the engine says of one place; its types leave out that some of it may be null. */
interface Endpoint {
  readonly IPAddress: string;
  readonly IPAMConfig: { readonly IPv4Address?: string } | null;
  readonly Aliases: readonly string[] | null;
}

function placesOf(networks: object): ContainerState["places"] {
  const places = Object.entries(networks as Record<string, Endpoint>).map(([network, place]) => {
    const address = place.IPAddress === "" ? (place.IPAMConfig?.IPv4Address ?? "") : place.IPAddress;
    return [network, { address, aliases: place.Aliases ?? [] }] as const;
  });
  return Object.fromEntries(places.filter(([, { address }]) => address !== ""));
}

/**
 * Starts a container as specified; one that runs with the same specification and meets its condition is kept.
 * A container that does not become ready is removed again.
 * @throws CONTAINER_NAME_TAKEN, PORT_TAKEN, CONTAINER_NOT_READY, DOCKER_FAILED
 */
export async function startContainer(engine: Engine, spec: ContainerSpec, ready: Ready): Promise<"kept" | "started"> {
  const spelled = await spellOut(engine, spec);
  const there = await inspectContainer(engine, spec.name);
  if (there !== undefined && !there.ours) throw fail("CONTAINER_NAME_TAKEN", { name: spec.name });
  if (there?.running === true && there.spec === spelled) {
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
  const creating = engine.createContainer(optionsFor(spec, spelled)).catch((error: unknown) => {
    if (statusOf(error) === 409) throw fail("CONTAINER_NAME_TAKEN", { name: spec.name }, error);
    throw error;
  });
  const container = await asking(`create the container ${spec.name}`, creating);
  try {
    await putFiles(engine, spec.name, spec.files);
    for (const place of spec.places.slice(1)) await attach(engine, spec.name, place);
    await start(engine, container, spec);
    await waitUntil(engine, spec.name, ready);
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

/** Starts a stopped container of ours again. @throws ADDRESS_IN_USE, CONTAINER_NOT_READY, DOCKER_FAILED */
export async function resumeContainer(engine: Engine, name: string, address: string | undefined, ready: Ready): Promise<void> {
  const starting = explainAddress(unlessDone(engine.getContainer(name).start()), address);
  await asking(`start the container ${name}`, starting);
  await waitUntil(engine, name, ready);
}

/** Ends and starts what runs in a container of ours; address and disk stay. */
export async function restartContainer(engine: Engine, name: string, ready: Ready): Promise<void> {
  await asking(`restart the container ${name}`, engine.getContainer(name).restart({ t: 5 }));
  await waitUntil(engine, name, ready);
}

/** Stops and removes a container of ours; false if there was none. Somebody else's is left alone. */
export async function removeContainer(engine: Engine, name: string): Promise<boolean> {
  const there = await inspectContainer(engine, name);
  if (there?.ours !== true) return false;
  await unlessDone(engine.getContainer(name).remove({ force: true, v: true }));
  return true;
}

/** A container's log: its last lines, or what it wrote since a moment (ISO 8601), or all. */
export async function logOf(engine: Engine, name: string, part: { lines?: number; since?: string } = {}): Promise<string> {
  const { lines, since } = part;
  const raw = await engine.getContainer(name).logs({
    stdout: true,
    stderr: true,
    ...(lines === undefined ? {} : { tail: lines }),
    ...(since === undefined ? {} : { since: new Date(since).getTime() / 1000 }),
  });
  return withoutFrames(raw);
}

async function waitUntil(engine: Engine, name: string, ready: Ready): Promise<void> {
  const end = Date.now() + ready.seconds * 1000;
  while (!(await ready.check())) {
    const running = (await inspectContainer(engine, name))?.running ?? false;
    if (!running || Date.now() > end) {
      const log = (await logOf(engine, name, { lines: 12 })).trim();
      const waited = running ? `${String(ready.seconds)} s for ${ready.what}` : `${ready.what}, but it ended`;
      throw fail("CONTAINER_NOT_READY", { name, waited, again: ready.again, log: log === "" ? "" : `; its log ends:\n${log}` });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function refusePort(engine: Engine, wanted: string, port: number, cause?: unknown): Promise<never> {
  const holder = await holderOf(engine, port);
  throw fail("PORT_TAKEN", { port: String(port), holder, wanted }, cause);
}

/** Puts files into a container, running or not. */
export async function putFiles(engine: Engine, name: string, files: readonly TarFile[]): Promise<void> {
  if (files.length > 0) await engine.getContainer(name).putArchive(tarOf(files), { path: "/" });
}

function optionsFor(spec: ContainerSpec, spelled: string) {
  const [place] = spec.places;
  const inside = `${String(spec.port?.inside)}/tcp`;
  return {
    name: spec.name,
    Image: spec.image,
    Hostname: spec.hostname ?? spec.name,
    Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint], Cmd: [] }),
    Labels: { ...spec.labels, [lab.label]: "container", [specLabel]: spelled },
    NetworkingConfig: { EndpointsConfig: { [place.network]: endpointOf(place) } },
    ...(spec.port === undefined ? {} : { ExposedPorts: { [inside]: {} } }),
    HostConfig: {
      NetworkMode: place.network,
      ...(spec.port === undefined
        ? {}
        : { PortBindings: { [inside]: [{ HostIp: "127.0.0.1", HostPort: String(spec.port.outside) }] } }),
      CapDrop: ["ALL"],
      CapAdd: [...spec.capabilities],
      SecurityOpt: ["no-new-privileges"],
      PidsLimit: 256,
    },
  };
}

/** The hash of a specification and of the image it names; what the files hold stays out of it. */
async function spellOut(engine: Engine, spec: ContainerSpec): Promise<string> {
  const { Id } = await asking(`find the image ${spec.image}`, engine.getImage(spec.image).inspect());
  const options = optionsFor(spec, "");
  return createHash("sha256")
    .update(JSON.stringify([Id, options, spec.places]))
    .digest("hex");
}

/** Docker sends both outputs through one stream, in frames of 8 bytes head and payload. */
function withoutFrames(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const size = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return Buffer.concat(parts).toString("utf8");
}
