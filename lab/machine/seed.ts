/** What a cloud tells a new machine, as cloud-init's data source NoCloud reads it from the machine's disk. */
import { randomBytes } from "node:crypto";
import type { TarFile } from "../docker/tar.js";

export interface Seed {
  /** What cloud-init is to do, as a person writes it: "#cloud-config\n…" or a script. */
  readonly userData: string;
  /** Beside instance-id, which is a new one unless it is given here, and local-hostname. */
  readonly metaData?: Readonly<Record<string, unknown>>;
}

const folder = "/var/lib/cloud/seed/nocloud";

/** cloud-init takes the machine for a new one where it has not seen the instance-id. Only its root reads the files. */
export function seedFiles({ userData, metaData = {} }: Seed, hostName: string): TarFile[] {
  const id = `i-${randomBytes(8).toString("hex")}`;
  const told = { "instance-id": id, "local-hostname": hostName, ...metaData };
  return [
    { path: `${folder}/user-data`, content: userData, mode: 0o600 },
    // JSON is YAML.
    { path: `${folder}/meta-data`, content: JSON.stringify(told), mode: 0o600 },
  ];
}
