/** A machine that boots, reboots, loses power, and whose disk can be copied. */
import { killContainer, removeContainer, restartContainer, resumeContainer, stopContainer } from "../docker/containers.js";
import { execIn, waitingFor, type Executed, type ExecOptions } from "../docker/exec.js";
import { putFiles } from "../docker/files.js";
import { commitImage, removeImage } from "../docker/images.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import { waitUntilReady, type Ready } from "../docker/ready.js";
import type { TarFile } from "../docker/tar.js";
import type { Lab } from "../lab.js";
import { shellWord } from "../../src/ground/shell-word.js";
import { domain } from "../story.js";
import { seedFiles, type Seed } from "./seed.js";

export interface Machine extends AsyncDisposable {
  /** Such as "m1.lab.test", by which the others on its network reach it. */
  readonly hostName: string;
  /** Its container's name. */
  readonly container: string;
  /** Where it is on its network: another address, perhaps, after it was off. */
  readonly address: () => Promise<string>;
  /** As root, to its end. */
  readonly exec: (command: readonly string[], options?: ExecOptions) => Promise<Executed>;
  readonly sh: (script: string, options?: ExecOptions) => Promise<Executed>;
  readonly put: (files: readonly TarFile[]) => Promise<void>;
  /** Waits until cloud-init has come to its end in this boot, and tells how: exit 0 is well, 2 is well but for a complaint. */
  readonly cloudInit: (options?: { readonly seconds?: number }) => Promise<Executed>;
  /** Waits until a unit is active. @throws CONTAINER_NOT_READY */
  readonly active: (unit: string, options?: { readonly seconds?: number }) => Promise<void>;
  /** What a unit, or all of them, wrote to the journal in this boot. */
  readonly journal: (unit?: string) => Promise<string>;
  /** What it said on its console, in all its boots, as a cloud shows it. */
  readonly console: () => Promise<string>;
  /** Shuts it down in order, and boots it. The address stays. */
  readonly reboot: () => Promise<void>;
  /** Shuts it down in order. */
  readonly shutDown: () => Promise<void>;
  /** As when the plug is pulled: nothing in it ends in order. */
  readonly powerOff: () => Promise<void>;
  readonly powerOn: () => Promise<void>;
  /**
   * Copies its disk, as it is, and boots a second machine from it. Without a seed, cloud-init finds on the disk the one that it
   * knows, and takes the copy for the same machine, as after a plain copy of a disk; with one, as a cloud does it from a snapshot.
   */
  readonly clone: (name: string, seed?: Seed) => Promise<Machine>;
  /** With its disk. */
  readonly remove: () => Promise<void>;
}

/** What a handle stands on. */
export interface Grounds {
  readonly name: string;
  readonly container: string;
  readonly network: string;
  /** The condition that it has booted. */
  readonly ready: Ready;
  readonly boot: (
    image: string,
    place: { readonly name: string; readonly network: string; readonly files: readonly TarFile[] },
  ) => Promise<Machine>;
}

export function handle(lab: Lab, { name, container, network, ready, boot }: Grounds): Machine {
  const exec = async (command: readonly string[], options?: ExecOptions) =>
    execIn(await lab.engine(), container, command, options);
  const remove = async () => {
    const engine = await lab.engine();
    await removeContainer(engine, container);
    await removeImage(engine, diskOf(lab, name));
  };
  return {
    hostName: `${name}.${domain}`,
    container,
    address: async () => (await inspectContainer(await lab.engine(), container))?.places[network]?.address ?? "",
    exec,
    sh: (script, options) => exec(["sh", "-c", script], options),
    put: async (files) => putFiles(await lab.engine(), container, files),
    cloudInit: ({ seconds = 60 } = {}) => exec(["cloud-init", "status", "--wait", "--long"], { seconds }),
    active: async (unit, { seconds = 30 } = {}) => {
      const check = async () => (await exec(waitingFor(`systemctl is-active --quiet ${shellWord(unit)}`))).exit === 0;
      await waitUntilReady(await lab.engine(), container, { ...ready, what: `${unit} to be active`, seconds, check });
    },
    journal: async (unit) => {
      const which = unit === undefined ? [] : ["--unit", unit];
      return (await exec(["journalctl", "--boot", "--no-pager", "--output=short-iso", ...which])).stdout;
    },
    console: async () => logOf(await lab.engine(), container),
    reboot: async () => restartContainer(await lab.engine(), container, ready),
    shutDown: async () => stopContainer(await lab.engine(), container),
    powerOff: async () => killContainer(await lab.engine(), container),
    powerOn: async () => resumeContainer(await lab.engine(), container, undefined, ready),
    clone: async (as, seed) => {
      const disk = diskOf(lab, as);
      await commitImage(await lab.engine(), container, disk);
      return boot(disk, { name: as, network, files: seed === undefined ? [] : seedFiles(seed, `${as}.${domain}`) });
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

/** The copy of another's disk that a machine was booted from. */
const diskOf = ({ names }: Lab, machine: string) => names.image(`machine-disk-${machine}`);
