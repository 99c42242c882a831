/** What a machine of the cloud boots from: the lab's own small image, one with systemd and cloud-init, or a copy of another's disk. */
import { commitImage } from "../docker/images.js";
import { inspectContainer } from "../docker/inspect.js";
import type { ContainerSpec } from "../docker/spec.js";
import type { Lab } from "../lab.js";
import { ensureMachineImage } from "../machine/image.js";
import { systemdCapabilities } from "../machine/start.js";
import type { LabNames } from "../names.js";
import { domain } from "../story.js";
import { debian } from "../toolchain/versions.js";
import { capabilities } from "../tutorial/hosts.js";
import { findMachine } from "./machines.js";
import { containerOf, labels } from "./naming.js";

export type Kind = Pick<ContainerSpec, "image" | "capabilities" | "systemd" | "domain"> & Required<Pick<ContainerSpec, "labels">>;

/** The lab's own: what cloud-init would do is a script. */
export const plain = ({ names }: Pick<Lab, "names">): Kind => ({ image: names.image("cloud-vm"), capabilities, labels: {} });

/** The real cloud-init, under the real systemd. @throws IMAGE_BUILD_FAILED, … */
export const withCloudInit = async (lab: Lab): Promise<Kind> => cloudInitFrom(await ensureMachineImage(lab, debian.suite));

const cloudInitFrom = (image: string): Kind => ({
  image,
  capabilities: systemdCapabilities,
  systemd: true,
  domain,
  labels: { [labels.boots]: "cloud-init" },
});

/** A machine that has all that another has on its disk, and is called otherwise. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function copyOf(lab: Lab, origin: string, name: string): Promise<Kind> {
  const engine = await lab.engine();
  await findMachine(lab, origin, `copy the disk of "${origin}"`);
  const container = containerOf(lab.names, origin);
  const image = diskOf(lab.names, name);
  await lab.progress.during(`copying the disk of ${origin}`, () => commitImage(engine, container, image));
  const boots = (await inspectContainer(engine, container))?.labels[labels.boots];
  return boots === undefined ? { ...plain(lab), image } : cloudInitFrom(image);
}

/** The copy that a machine was begun with. */
export const diskOf = ({ image }: Pick<LabNames, "image">, name: string) => image(`cloud-disk-${name}`);
