/** The lab's images, and where each comes from. */
import type { ImageSpec } from "../docker/images.js";
import { lab, type HostName } from "../settings.js";

/** The root file system under all of them: Debian's own image, or one bootstrapped from its packages. */
export const bases = { pulled: "debian:bookworm-slim", bootstrapped: "ssh-trust/debian:bookworm" } as const;

/** Servers that are used when they are here or can be pulled, in this order; else one of our own is built. */
export const vaultImages = { pulled: ["hashicorp/vault:1.21", "openbao/openbao:2"], own: "ssh-trust/vault:latest" } as const;

export const openBaoInContext = ".lab/build/bao";

export function sshdImage(base: string): ImageSpec {
  return {
    tag: "ssh-trust/sshd:latest",
    dockerfile: "containers/sshd/Dockerfile",
    files: ["containers/sshd/start.sh", "src/host/ssh-trust-host.sh"],
    base,
  };
}

export function hostImage(host: HostName): ImageSpec {
  const files = [`containers/${host}/sshd_config`];
  // Bob is known by his key where no user CA is trusted; his key is part of those images.
  if (lab.hosts[host].authorizedKeys) files.push("ssh-keys/bob_id_rsa.pub");
  return { tag: `ssh-trust/${host}:latest`, dockerfile: `containers/${host}/Dockerfile`, files, base: "ssh-trust/sshd:latest" };
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
