/** What a machine is called: by people, by DNS, by Docker; and what its labels say of it. */
import { fail } from "../errors/catalogue.js";
import type { LabNames } from "../names.js";
import { domain, objectStoreName } from "../story.js";

/** Labels of a machine's container. */
export const labels = {
  /** The machine's name. */
  machine: "io.ssh-trust.machine",
  /** The address of the Vault that signs its host keys, and knows it. */
  vault: "io.ssh-trust.vault",
  /** "cloud-init", where the machine has that, and systemd; none of the lab's own small machines has this label. */
  boots: "io.ssh-trust.boots",
} as const;

export const containerOf = ({ container }: Pick<LabNames, "container">, machine: string) => container(`cloud-${machine}`);
export const hostNameOf = (name: string) => `${name}.${domain}`;

const reserved: readonly string[] = [objectStoreName.replace(/\..*$/, ""), "laptop", "eve", "localhost"];

/** A machine's or a service's name: one that DNS, Docker and people can live with. @throws MACHINE_NAME_INVALID */
export function checkedName(text: string, of: "machine" | "service"): string {
  if (reserved.includes(text) || !/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text))
    throw fail("MACHINE_NAME_INVALID", { name: text, of });
  return text;
}
