/** Starting a machine: a container in which systemd is the first process, and cloud-init makes one machine of it. */
import { removeContainer, startNewContainer } from "../docker/containers.js";
import { execIn, waitingFor } from "../docker/exec.js";
import { inspectContainer } from "../docker/inspect.js";
import { ensureNetwork } from "../docker/networks.js";
import type { Ready } from "../docker/ready.js";
import type { ContainerSpec } from "../docker/spec.js";
import type { TarFile } from "../docker/tar.js";
import { task } from "../errors/task.js";
import type { Lab } from "../lab.js";
import { domain } from "../story.js";
import { debian, type Suite } from "../toolchain/versions.js";
import { capabilities as ofSshd } from "../tutorial/hosts.js";
import { ensureMachineImage } from "./image.js";
import { handle, type Machine } from "./machine.js";
import { seedFiles, type Seed } from "./seed.js";

export interface MachineOptions extends Seed {
  /** Such as "m1", which others reach as m1.lab.test. */
  readonly name: string;
  readonly release?: Suite;
  /** Whether the first connection starts sshd, by ssh.socket, rather than the boot. */
  readonly socketActivation?: boolean;
  /** The lab's own where it is left out. */
  readonly network?: string;
  /** Further files of its disk, there before it boots. Below /run and /tmp, a boot hides or removes them. */
  readonly files?: readonly TarFile[];
}

/** The container's label; its value is the machine's name. */
const ours = "io.ssh-trust.booted-machine";

/**
 * What systemd needs beside sshd's. SYS_ADMIN: its own mounts, those of each unit's sandbox, and the machine's name. SETPCAP: to
 * take capabilities from units; without it journald, logind and D-Bus do not start. SYS_PTRACE: for units that keep it to see
 * which program a process of root's is. It is not privileged, the engine's seccomp profile is the usual one, and nothing of the
 * engine's machine is mounted into it. Who is root in it and means harm may all the same get further than in the other containers:
 * it is for what the lab itself runs.
 */
export const systemdCapabilities = [...ofSshd, "SYS_ADMIN", "SETPCAP", "SYS_PTRACE"];

/**
 * Boots a new machine; an earlier one of that name goes. It is back when systemd answers, which is before cloud-init is done.
 * @throws IMAGE_BUILD_FAILED, CONTAINER_NAME_TAKEN, CONTAINER_NOT_READY, DOCKER_FAILED, …
 */
export async function startMachine(lab: Lab, options: MachineOptions): Promise<Machine> {
  const image = await ensureMachineImage(lab, options.release ?? debian.suite);
  return bootFrom(lab, image, {
    ...options,
    files: [
      ...(options.files ?? []),
      ...seedFiles(options, `${options.name}.${domain}`),
      ...(options.socketActivation === true ? [{ path: "/etc/ssh/socket-activation", content: "", mode: 0o600 }] : []),
    ],
  });
}

type Place = Pick<MachineOptions, "name" | "network" | "files">;

/** Boots a machine from an image, or from a copy of another's disk. */
export async function bootFrom(
  lab: Lab,
  image: string,
  { name, network = lab.names.network, files = [] }: Place,
): Promise<Machine> {
  const engine = await lab.engine();
  const container = lab.names.container(`machine-${name}`);
  if ((await inspectContainer(engine, container))?.labels[ours] !== undefined) await removeContainer(engine, container);
  await ensureNetwork(engine, network);
  const spec: ContainerSpec = {
    name: container,
    image,
    hostname: name,
    domain,
    places: [{ network, aliases: [`${name}.${domain}`] }],
    env: {},
    labels: { [ours]: name },
    files,
    capabilities: systemdCapabilities,
    systemd: true,
  };
  const ready = booted(lab, container);
  await startNewContainer(engine, spec, ready);
  return handle(lab, { name, container, network, ready, boot: (from, place) => bootFrom(lab, from, place) });
}

/** The condition that systemd answers, whatever it says of its units. */
const booted = (lab: Lab, container: string): Ready => ({
  what: "systemd to answer",
  seconds: 60,
  every: 250,
  again: task("walkthrough"),
  check: async () => {
    const engine = await lab.engine();
    if ((await inspectContainer(engine, container))?.running !== true) return false;
    const look = "systemctl is-system-running | grep -qxE 'starting|running|degraded'";
    return (await execIn(engine, container, waitingFor(look))).exit === 0;
  },
  signal: lab.signal,
});
