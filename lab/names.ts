/**
 * What a lab is called, and where it is: the names, ports and addresses that may be another's at the same time. Two labs, in
 * two checkouts or in one, differ in all names, and in ports and addresses unless both names have the same of 250 slots.
 *
 * The default lab has the names and numbers that the tutorial's readers type, so they never change. A lab with a name of its
 * own (SSH_TRUST_LAB) has that name in front of each ("two.vault"), and ports and networks that follow from it.
 */
import { createHash } from "node:crypto";
import { task } from "./errors/task.js";
import { hostNames, type HostName } from "./story.js";

export interface Subnet {
  /** Docker's name of the network. */
  readonly name: string;
  /** Such as "10.203.113.0/24". */
  readonly subnet: string;
  /** What is handed out of it; both ends belong to it. */
  readonly pool: { readonly first: string; readonly last: string };
}

export interface LabNames {
  /** "default", or what SSH_TRUST_LAB says. */
  readonly lab: string;
  /** Run state, below the project's folder: ".lab". */
  readonly folder: string;
  /** Where the people's key pairs are, below the project's folder: "ssh-keys". */
  readonly keys: string;
  /** The client's trust in the host CA, below the project's folder: "known_hosts". */
  readonly knownHosts: string;
  /** An npm task as a person types it to this lab: task("cloud", "list"). */
  readonly task: (name: string, args?: string) => string;
  /** A container's name: container("vault"). */
  readonly container: (what: string) => string;
  /** An image's: image("sshd"). */
  readonly image: (what: string) => string;
  /** The network of Vault and the three hosts. */
  readonly network: string;
  readonly ports: Readonly<Record<HostName | "vault" | "objectStore" | "directory", number>>;
  /** Where every machine of the small cloud has an address of its own, another one after each stop. */
  readonly cloud: Subnet;
  /** Elastic addresses: they stay, and are moved from one machine to another. */
  readonly elastic: Subnet;
  readonly addresses: {
    readonly objectStore: string;
    readonly eve: string;
    /** The laptop is on both networks. */
    readonly laptop: { readonly cloud: string; readonly elastic: string };
  };
}

/** The lab that the tutorial's readers type. */
export const defaultLab = "default";

/** What a lab may be called: it becomes a part of names of containers, networks and folders. */
export const labName = /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/;

const storysPorts: LabNames["ports"] = {
  "ssh-with-authorized-keys": 1022,
  "ssh-with-signed-hostkey": 2022,
  "ssh-with-trusted-user-ca": 3022,
  vault: 8200,
  objectStore: 9000,
  directory: 8443,
};

/** How many labs can have ports and networks of their own; which of them a name gets follows from its hash. */
const slots = 250;

export function namesOf(lab: string): LabNames {
  const own = lab !== defaultLab;
  const slot = createHash("sha256").update(lab).digest().readUInt32BE() % slots;
  // A lab's name holds no dot, so no two labs call anything alike.
  const network = own ? `ssh-trust.${lab}` : "ssh-trust";
  const part = (what: string) => (own ? `${network}.${what}` : `${network}-${what}`);
  /*
   * Private addresses (RFC 1918): those that RFC 5737 keeps for documentation look freer, but are in use on some machines
   * that this ran on.
   */
  const [cloud, elastic] = own ? [`10.204.${String(slot)}`, `10.199.${String(slot)}`] : ["10.203.113", "10.198.51"];
  return Object.freeze({
    lab,
    folder: own ? `.lab-${lab}` : ".lab",
    keys: own ? `.lab-${lab}/ssh-keys` : "ssh-keys",
    knownHosts: own ? `.lab-${lab}/known_hosts` : "known_hosts",
    task: (name: string, args?: string) => inLab(lab, task(name, args)),
    container: (what: string) => (own ? `${lab}.${what}` : what),
    image: (what: string) => `${network}/${what}:latest`,
    network,
    ports: own ? portsFrom(21_000 + 10 * slot) : storysPorts,
    cloud: {
      name: part("cloud"),
      subnet: `${cloud}.0/24`,
      pool: { first: `${cloud}.20`, last: `${cloud}.199` },
    },
    elastic: {
      name: part("elastic"),
      subnet: `${elastic}.0/24`,
      pool: { first: `${elastic}.10`, last: `${elastic}.99` },
    },
    addresses: {
      objectStore: `${cloud}.3`,
      eve: `${cloud}.5`,
      laptop: { cloud: `${cloud}.10`, elastic: `${elastic}.2` },
    },
  });
}

/** A command line whose npm tasks are told for a lab: what is copied into another shell shall not act on the default lab. */
export const inLab = (lab: string, run: string): string =>
  lab === defaultLab ? run : run.replaceAll(/(?<!SSH_TRUST_LAB=\S+ )npm run /g, `SSH_TRUST_LAB=${lab} npm run `);

function portsFrom(first: number): LabNames["ports"] {
  const names = [...hostNames, "vault", "objectStore", "directory"] as const;
  return Object.fromEntries(names.map((name, index) => [name, first + index])) as LabNames["ports"];
}
