/** What was installed of a fleet follows the fleet, as far as the person has agreed to it. */
import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { reasonOf } from "../../errors/catalogue.js";
import { commonName } from "../../fleet/common-name.js";
import type { Fleet } from "../../fleet/fleet.js";
import { domainOf, tailOf } from "../../fleet/patterns.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { shellWord } from "../../ground/shell-word.js";
import { systemCode } from "../../ground/system-error.js";
import type { SshConfigPlaces } from "../../settings/ssh-config.js";
import { patternsOf, readBlock } from "./block.js";
import { blockEnding, filesIn, fleetFiles, knownHostsEnding, pathsOf, patternsIn, textOf, writeFiles } from "./fleet-files.js";
import { acceptedOf, readRecord, type InstallRecord } from "./record.js";
import type { FleetServer } from "./server-name.js";
import { personsFile } from "./target.js";

export interface Kept {
  readonly did: "written" | "same" | "not installed";
  /** Domains that the fleet has names below, which were not written: the person has not agreed to them. */
  readonly below: readonly string[];
  /** New names which were not written either: another fleet that is installed here has them, too. */
  readonly shared: readonly { readonly name: string; readonly server: string }[];
  /** The verb, with its options, that shows all of the fleet, and asks. */
  readonly again: string;
}

/** Why it could not be done. */
export interface NotKept {
  readonly problem: string;
}

const nothing = { below: [], shared: [], again: "config install" };

/**
 * Writes a fleet's files again where they are there and the fleet, or the agent's socket, has changed. Nothing happens where `config
 * install` or `config print` has not made them. Whoever can write the fleet in Vault must not say by that how ssh goes to hosts of others:
 * only names below the domains that the person has agreed to are written, and none that another fleet here has. It asks no server, starts
 * no program, and throws nothing: where a file cannot be written, the old one stays whole.
 * @param server where the person signed in: a fleet can change its own server's files only
 */
export async function keepConfigCurrent(
  stored: StoredFleet,
  server: FleetServer,
  places: SshConfigPlaces,
): Promise<Kept | NotKept> {
  try {
    return await keep(stored, server, places);
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function keep(stored: StoredFleet, server: FleetServer, places: SshConfigPlaces): Promise<Kept> {
  const { folder } = places;
  const paths = pathsOf(server, folder);
  const there: string[] = [];
  for (const path of [paths.knownHosts, paths.block]) if (await isInstalled(path)) there.push(path);
  if (there.length === 0) return { did: "not installed", ...nothing };
  const record = await readRecord(folder);
  const again = there.includes(paths.block) ? installAgain(record, places) : "config print";
  const current = async (fleet: Fleet) => {
    const { block, knownHosts } = await fleetFiles({ ...stored, fleet }, server, places);
    return [knownHosts, block].filter(({ path }) => there.includes(path));
  };
  const accepted = acceptedOf(record, server);
  if (accepted === undefined) {
    const isSame = async ({ path, text }: { path: string; text: string }) => (await textOf(path)) === text;
    const same = await Promise.all((await current(stored.fleet)).map(isSame));
    return { did: "same", below: same.every(Boolean) ? [] : stored.fleet.domains, shared: [], again };
  }
  const { fleet, below, shared } = await agreed(stored.fleet, accepted, there, folder);
  return { did: (await writeFiles(await current(fleet), folder)) ? "written" : "same", below, shared, again };
}

/** One that cannot be looked at may be there. */
const isInstalled = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
      throw error;
    },
  );

/** Where the line is in one other file only, that is the one. */
function installAgain({ files }: InstallRecord, { sshHome }: SshConfigPlaces): string {
  const [first, ...others] = files.map(({ path }) => path);
  if (first === undefined || others.length > 0 || first === personsFile(sshHome)) return "config install";
  return `config install --file ${shellWord(first)}`;
}

type Agreed = Pick<Kept, "below" | "shared"> & { readonly fleet: Fleet };

/** The fleet without what nobody here has agreed to. @param own its files @throws CONFIG_FLEET */
async function agreed(fleet: Fleet, accepted: readonly string[], own: readonly string[], folder: string): Promise<Agreed> {
  const [below, shared] = [new Set<string>(), new Map<string, string>()];
  const known = new Set((await Promise.all(own.map(patternsIn))).flat());
  const others = await otherFleets(own, folder);
  const budget = { left: 5_000_000 };
  const good = new Set<string>();
  for (const one of patternsOf(fleet)) {
    if (domainOf(tailOf(one), accepted) === undefined) {
      below.add(domainOf(one, fleet.domains) ?? one);
      continue;
    }
    const meets = (each: string) => each === one || commonName(one, each, budget) !== undefined || budget.left < 0;
    const other = known.has(one) ? undefined : others.find(({ patterns }) => patterns.some(meets));
    if (other === undefined) good.add(one);
    else if (!shared.has(other.server)) shared.set(other.server, one);
  }
  const those = (names: readonly string[]) => names.filter((each) => good.has(each));
  return {
    fleet: { ...fleet, hosts: fleet.hosts.map((each) => ({ ...each, names: those(each.names), also: those(each.also) })) },
    below: [...below],
    shared: [...shared].map(([server, name]) => ({ name, server })),
  };
}

interface OtherFleet {
  readonly server: string;
  readonly patterns: readonly string[];
}

/** Also those whose block was pasted, and of which only the known hosts are here. */
async function otherFleets(own: readonly string[], folder: string): Promise<readonly OtherFleet[]> {
  const stems = own.map(stemOf);
  const paths = (await filesIn(folder)).filter((path) => !stems.includes(stemOf(path)));
  return Promise.all(
    paths.map(async (path) => {
      const named = path.endsWith(blockEnding) ? readBlock((await textOf(path)) ?? "").server : "";
      return { server: `the fleet at ${named === "" ? stemOf(path) : named}`, patterns: await patternsIn(path) };
    }),
  );
}

const stemOf = (path: string) => basename(basename(path, blockEnding), knownHostsEnding);
