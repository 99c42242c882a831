/** The lab's images, and where each comes from. */
import type { ImageSpec } from "./docker/images.js";
import { lab, type HostName } from "../src/settings.js";

/** The root file system under all of them: Debian's own image, or one bootstrapped from its packages. */
export const bases = { pulled: "debian:bookworm-slim", bootstrapped: "ssh-trust/debian:bookworm" } as const;

/** Servers that are used when they are here or can be pulled, in this order; else one of our own is built. */
export const vaultImages = { pulled: ["hashicorp/vault:1.21", "openbao/openbao:2"], own: "ssh-trust/vault:latest" } as const;

export const openBaoInContext = ".lab/build/bao";

const onSshd = "ssh-trust/sshd:latest";

export function sshdImage(base: string): ImageSpec {
  return {
    tag: onSshd,
    dockerfile: "containers/sshd/Dockerfile",
    files: ["containers/sshd/start.sh", "src/host/ssh-trust-host.sh"],
    base,
  };
}

export function hostImage(host: HostName): ImageSpec {
  const files = [`containers/${host}/sshd_config`];
  // Bob is known by his key where no user CA is trusted; his key is part of those images.
  if (lab.hosts[host].authorizedKeys) files.push("ssh-keys/bob_id_rsa.pub");
  return { tag: `ssh-trust/${host}:latest`, dockerfile: `containers/${host}/Dockerfile`, files, base: onSshd };
}

/** A machine of the small cloud. */
export const cloudImage: ImageSpec = {
  tag: "ssh-trust/cloud-vm:latest",
  dockerfile: "containers/cloud-vm/Dockerfile",
  files: ["containers/cloud-vm/sshd_config", "containers/cloud-vm/boot.sh"],
  base: onSshd,
};

export const laptopImage: ImageSpec = {
  tag: "ssh-trust/laptop:latest",
  dockerfile: "containers/laptop/Dockerfile",
  files: ["containers/laptop/answer.sh", "containers/laptop/start.sh"],
  base: onSshd,
};

/** Eve: the ssh2 package of this project, on Debian's Node. */
export const eveImage: ImageSpec = {
  tag: "ssh-trust/eve:latest",
  dockerfile: "containers/eve/Dockerfile",
  files: ["middle.js", "agent.js", "start.sh", "package.json"].map((name) => `containers/eve/${name}`),
  folders: ["ssh2", "asn1", "bcrypt-pbkdf", "safer-buffer", "tweetnacl"].map((name) => `node_modules/${name}`),
  base: onSshd,
};

export const minioInContext = ".lab/build/minio";

/** The object store. It is built when it is needed for the first time: MinIO takes some minutes. */
export function objectStoreImage(version: string): ImageSpec {
  return {
    tag: "ssh-trust/object-store:latest",
    dockerfile: "containers/object-store/Dockerfile",
    files: ["containers/object-store/start.sh"],
    pinned: { [minioInContext]: version },
    base: onSshd,
  };
}

/** Every image of the lab's machines, each after what it is built on. */
export function machineImages(base: string): ImageSpec[] {
  return [sshdImage(base), ...hostNames.map(hostImage), cloudImage, laptopImage, eveImage];
}

export function ownVaultImage(base: string, checksum: string): ImageSpec {
  return {
    tag: vaultImages.own,
    dockerfile: "containers/vault/Dockerfile",
    files: [],
    pinned: { [openBaoInContext]: checksum },
    base,
  };
}

export const hostNames = Object.keys(lab.hosts) as HostName[];
