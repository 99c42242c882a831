/** The lab's images, and where each comes from. */
import type { ImageSpec } from "./docker/images.js";
import type { LabNames } from "./names.js";
import { hostNames, hosts, type HostName } from "./story.js";
import { debian, factsOf, type Suite } from "./toolchain/versions.js";

/**
 * The root file system under all of them: Debian's own image, or one bootstrapped from its packages. It is the same for all labs, so that
 * what is built on it in one is there for the next.
 */
export const bases = (suite: Suite = debian.suite) => ({
  pulled: `debian:${suite}-slim`,
  bootstrapped: `ssh-trust/debian:${suite}`,
});

/** Servers that are used when they are here or can be pulled, in this order; else one of our own is built. */
export const pulledVaultImages: readonly string[] = ["hashicorp/vault:1.21", "openbao/openbao:2"];

/** Where large programs are put for the time of a build. */
export const inContext = ({ folder }: LabNames, program: "bao" | "minio") => `${folder}/build/${program}`;

function sshdImage({ image }: LabNames, base: string): ImageSpec {
  return {
    tag: image("sshd"),
    dockerfile: "containers/sshd/Dockerfile",
    files: ["containers/sshd/start.sh", "src/host/ssh-trust-host.sh"],
    base,
  };
}

/** What is built on sshd's image. */
function onSshd({ image }: LabNames, name: string, files: readonly string[]): ImageSpec {
  return {
    tag: image(name),
    dockerfile: `containers/${name}/Dockerfile`,
    files: files.map((file) => `containers/${name}/${file}`),
    base: image("sshd"),
  };
}

function hostImage(names: LabNames, host: HostName): ImageSpec {
  const spec = onSshd(names, host, ["sshd_config"]);
  if (!hosts[host].authorizedKeys) return spec;
  // Bob is known by his key where no user CA is trusted; his key is part of those images.
  return { ...spec, files: [...spec.files, `${names.keys}/bob_id_rsa.pub`], buildArgs: { KEYS: names.keys } };
}

/** The object store. It is built when it is needed for the first time: MinIO takes some minutes. */
export function objectStoreImage(names: LabNames, version: string): ImageSpec {
  return {
    ...onSshd(names, "object-store", ["start.sh"]),
    pinned: { [inContext(names, "minio")]: version },
    buildArgs: { LAB: names.folder },
  };
}

/** Every image of the lab's machines, each after what it is built on. */
export function machineImages(names: LabNames, base: string): ImageSpec[] {
  return [
    sshdImage(names, base),
    ...hostNames.map((host) => hostImage(names, host)),
    onSshd(names, "cloud-vm", ["sshd_config", "boot.sh"]),
    onSshd(names, "laptop", ["answer.sh", "start.sh"]),
    {
      // Eve: the ssh2 package of this project, on Debian's Node.
      ...onSshd(names, "eve", ["middle.js", "agent.js", "start.sh", "package.json"]),
      folders: ["ssh2", "asn1", "bcrypt-pbkdf", "safer-buffer", "tweetnacl"].map((name) => `node_modules/${name}`),
    },
  ];
}

export function ownVaultImage(names: LabNames, base: string, checksum: string): ImageSpec {
  return {
    tag: names.image("vault"),
    dockerfile: "containers/vault/Dockerfile",
    files: [],
    pinned: { [inContext(names, "bao")]: checksum },
    buildArgs: { LAB: names.folder },
    base,
  };
}

/** A machine with systemd and cloud-init. It is built when it is needed for the first time. */
export function machineImage({ image }: LabNames, suite: Suite, base: string): ImageSpec {
  return {
    tag: image(`machine-${suite}`),
    dockerfile: "containers/machine/Dockerfile",
    files: ["containers/machine/lab.cfg", "containers/machine/boot.sh"],
    base,
  };
}

/** The directory: what is published of ssh-trust, and Node.js. @param folder with the package's files, below the project's folder, as they are */
export function directoryImage({ image }: LabNames, base: string, folder: string, files: readonly string[]): ImageSpec {
  return { tag: image("directory"), dockerfile: "containers/directory/Dockerfile", files, base, buildArgs: { PACKAGE: folder } };
}

/** OpenSSH as one of Debian's releases has it, server and client in one: what the matrix is made of. */
export function opensshImage({ image }: LabNames, suite: Suite, base: string): ImageSpec {
  return {
    tag: image(`openssh-${suite}`),
    dockerfile: "containers/openssh/Dockerfile",
    files: ["src/host/ssh-trust-host.sh"],
    base,
    ...(factsOf(suite).freshForDays === undefined ? {} : { buildArgs: { APT_OPTIONS: "-o Acquire::Check-Valid-Until=false" } }),
  };
}
