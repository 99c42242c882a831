/** The two files of a fleet on a person's machine: what ssh includes, and the known hosts that it names. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredFleet } from "../../fleet/stored.js";
import { commonName } from "../../fleet/common-name.js";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { makeFolder } from "../../ground/make-folder.js";
import type { SshConfigPlaces } from "../../settings/ssh-config.js";
import { agentPlace } from "../agent/place.js";
import { groupLines } from "../login/known-hosts.js";
import { patternsOf, readBlock, renderBlock } from "./block.js";
import { serverName, type FleetServer } from "./server-name.js";
import { tellCommand } from "./tell-command.js";
import { configPath } from "./words.js";

export const blockEnding = ".conf";
export const knownHostsEnding = ".known_hosts";

/** Where both files of a server's fleet are. */
export function pathsOf(server: FleetServer, folder: string): { readonly block: string; readonly knownHosts: string } {
  const name = join(folder, serverName(server));
  return { block: `${name}${blockEnding}`, knownHosts: `${name}${knownHostsEnding}` };
}

/** What the line in the person's file includes. */
export const includePattern = (folder: string): string => join(folder, `*${blockEnding}`);

/** The same as a word of ssh_config(5). @throws CONFIG_PATH */
export const includeWord = (folder: string): string =>
  configPath(folder, "XDG_CONFIG_HOME").replace(/(?="?$)/, `/*${blockEnding}`);

export interface FleetFile {
  readonly path: string;
  readonly text: string;
}

export interface FleetFiles {
  readonly block: FleetFile;
  readonly knownHosts: FleetFile;
  readonly patterns: readonly string[];
}

/** As they have to be. @throws CONFIG_PATH, CONFIG_FLEET, AGENT_NO_PLACE */
export async function fleetFiles({ fleet, cas }: StoredFleet, server: FleetServer, places: SshConfigPlaces): Promise<FleetFiles> {
  const paths = pathsOf(server, places.folder);
  const patterns = patternsOf(fleet);
  const place = await agentPlace(places);
  const words = {
    knownHosts: configPath(paths.knownHosts, "XDG_CONFIG_HOME"),
    agent: configPath(place.socket, "XDG_RUNTIME_DIR"),
    tell: tellCommand(place),
  };
  return {
    block: { path: paths.block, text: renderBlock({ server, patterns, ...words }) },
    knownHosts: {
      path: paths.knownHosts,
      text: groupLines(
        fleet.hosts.filter(({ names, also }) => names.length + also.length > 0),
        cas.host,
      )
        .map(({ line }) => `${line}\n`)
        .join(""),
    },
    patterns,
  };
}

/** Undefined where there is none. */
export const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

/** Writes those that are not as they have to be: known hosts first, which the block names. @returns whether one was written */
export async function writeFiles(files: readonly FleetFile[], folder: string): Promise<boolean> {
  let changed = false;
  for (const { path, text } of files) {
    if ((await textOf(path)) === text) continue;
    await makeFolder(folder, 0o700);
    await writeFileAtomically(path, text, 0o600);
    changed = true;
  }
  return changed;
}

/** Our files that are there, by their paths. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => [blockEnding, knownHostsEnding].some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => join(folder, name));
}

/** The names that one of our files is about. */
export async function patternsIn(path: string): Promise<readonly string[]> {
  const text = (await textOf(path)) ?? "";
  if (path.endsWith(blockEnding)) return readBlock(text).patterns;
  return [...text.matchAll(/^@cert-authority (\S+) /gm)].flatMap(([, names = ""]) => names.split(","));
}

export interface Shared {
  readonly server: string;
  /** A name that both have. */
  readonly name: string;
  /** Whether ssh takes the other fleet's settings for it: its file comes first. */
  readonly wins: boolean;
}

/** Other fleets here that have names of this one. */
export async function sharedNames({ block, patterns }: FleetFiles, folder: string): Promise<readonly Shared[]> {
  const found: Shared[] = [];
  const budget = { left: 5_000_000 };
  for (const path of (await filesIn(folder)).filter((each) => each.endsWith(blockEnding) && each !== block.path)) {
    const other = readBlock((await textOf(path)) ?? "");
    for (const one of patterns) {
      const name = other.patterns.map((each) => commonName(one, each, budget)).find((each) => each !== undefined);
      if (name !== undefined) found.push({ server: other.server, name, wins: path < block.path });
    }
  }
  return found;
}
