/** Parts of commands about the three hosts, as they are typed in the project's folder. Several chapters show them. */
import type { LabNames } from "../names.js";
import { account, hostName, type HostName, type Person } from "../story.js";

export const portOf = (names: LabNames, host: HostName) => String(names.ports[host]);

/** The file of a person's private key. */
export const keyOf = (names: LabNames, person: Person) => `${names.keys}/${person}_id_rsa`;

/** Who logs in to which host: what stands after `ssh` and its options. */
export const loginTo = (names: LabNames, host: HostName, person: Person, user = account) =>
  `-p ${portOf(names, host)} -i ${keyOf(names, person)} ${user}@${hostName}`;

/** The option for a client that knows the host CA and no host. */
export const trustingTheCa = (names: LabNames) => `-o UserKnownHostsFile=./${names.knownHosts}`;

/** A host's key, read inside its container. */
export const hostKeyOf = (names: LabNames, host: HostName) =>
  `docker exec ${names.container(host)} ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub`;

/** curl's option for the token: it is read from a file, so no argument shows it. */
export const tokenHeader = (names: LabNames) => `-H @${names.folder}/client/token-header`;
