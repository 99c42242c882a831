/** What a container is made from; none runs with more than it needs. */
import { createHash } from "node:crypto";
import { asking, type Engine } from "./engine.js";
import { endpointOf, type Attachment } from "./networks.js";
import { labelsOf, withoutOwner, type Owner } from "./owner.js";
import type { TarFile } from "./tar.js";

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
  /** What follows its name where it says it in full: "lab.test". */
  readonly domain?: string;
  /** Labels beside the project's own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Files put into the container before it starts; the way secrets get in. */
  readonly files: readonly TarFile[];
  readonly entrypoint?: readonly string[];
  /** What the image's own program is told. */
  readonly args?: readonly string[];
  /** Linux capabilities it keeps; all others are dropped. */
  readonly capabilities: readonly string[];
  /** Whether systemd is its first process: it has a console, which its log shows, and sees no control groups but its own. */
  readonly systemd?: boolean;
}

/** Holds the hash of the spec that a container was made from. */
export const specLabel = "io.ssh-trust.spec";

/** The specification in the engine's words. @param spelled its hash */
export function optionsFor(spec: ContainerSpec, spelled: string, owner: Owner) {
  const [place] = spec.places;
  const inside = `${String(spec.port?.inside)}/tcp`;
  return {
    name: spec.name,
    Image: spec.image,
    Hostname: spec.hostname ?? spec.name,
    ...(spec.domain === undefined ? {} : { Domainname: spec.domain }),
    ...(spec.systemd === true ? { Tty: true } : {}),
    Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint], Cmd: [] }),
    ...(spec.args === undefined ? {} : { Cmd: [...spec.args] }),
    Labels: { ...spec.labels, ...labelsOf(owner, "container"), [specLabel]: spelled },
    NetworkingConfig: { EndpointsConfig: { [place.network]: endpointOf(place) } },
    ...(spec.port === undefined ? {} : { ExposedPorts: { [inside]: {} } }),
    HostConfig: {
      NetworkMode: place.network,
      ...(spec.port === undefined
        ? {}
        : { PortBindings: { [inside]: [{ HostIp: "127.0.0.1", HostPort: String(spec.port.outside) }] } }),
      CapDrop: ["ALL"],
      CapAdd: [...spec.capabilities],
      // Where the engine has AppArmor, its profile would let nobody mount.
      SecurityOpt: ["no-new-privileges", ...(spec.systemd === true ? ["apparmor=unconfined"] : [])],
      ...(spec.systemd === true ? { CgroupnsMode: "private" } : {}),
      PidsLimit: 256,
    },
  };
}

/** The hash of a specification and of the image it names; what the files hold stays out of it, and whose it is. */
export async function spellOut(engine: Engine, spec: ContainerSpec): Promise<string> {
  const { Id } = await asking(`find the image ${spec.image}`, engine.getImage(spec.image).inspect());
  const { Labels, ...options } = optionsFor(spec, "", engine.owner);
  return createHash("sha256")
    .update(JSON.stringify([Id, options, withoutOwner(Labels), spec.places]))
    .digest("hex");
}
