/**
 * Which machines wrote a host's entry of late. A machine whose identity was copied has only one chance to say so, and the other one cannot
 * sign in any more; but the store keeps the versions before. What a machine calls itself is a stranger's text; times are Vault's.
 */
import type { VaultApi } from "../vault/api.js";
import { readVersions, versionsOf } from "./history.js";

/** One version of an entry. */
export interface Written {
  /** What the machine says that its id is: a hash of its /etc/machine-id. */
  readonly machine: string;
  /** The kernel's id of its boot. */
  readonly boot: string;
  readonly at: Date;
}

export interface Writer {
  readonly machine: string;
  /** When it wrote first and last, as far as versions were read. */
  readonly since: Date;
  readonly until: Date;
}

export interface Writers {
  /** How many versions were read that say which machine wrote them. */
  readonly versions: number;
  /** In the order of their last versions. */
  readonly machines: readonly Writer[];
  /** Whether one wrote again after another had written: both run. They may have the same id, as a copied disk has, and are two boots. */
  readonly inTurn: boolean;
}

/** How many versions are looked at. */
const most = 5;

/** Of the last versions that the store still has. @param name the host's full name */
export async function readWriters(api: VaultApi, name: string): Promise<Writers> {
  const read = await readVersions(api, name, (await versionsOf(api, name)).slice(-most));
  return writersOf(
    read.flatMap(({ entry, at }): readonly Written[] =>
      "problem" in entry || entry.read.machine === "" ? [] : [{ machine: entry.read.machine, boot: entry.read.boot, at }],
    ),
  );
}

/** @param versions the oldest first */
export function writersOf(versions: readonly Written[]): Writers {
  const machines = new Map<string, Writer>();
  const runs: string[] = [];
  for (const { machine, boot, at } of versions) {
    const since = machines.get(machine)?.since ?? at;
    machines.delete(machine); // a map keeps the order in which things came
    machines.set(machine, { machine, since, until: at });
    const run = JSON.stringify([machine, boot]);
    if (runs.at(-1) !== run) runs.push(run);
  }
  return { versions: versions.length, machines: [...machines.values()], inTurn: new Set(runs).size < runs.length };
}
