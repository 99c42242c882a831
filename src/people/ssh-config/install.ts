/** One line in a person's configuration of ssh, and a fleet's files that it includes: what would be done, and doing it. */
import { rm, rmdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fail } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { makeFolder } from "../../ground/make-folder.js";
import { isThere } from "../../ground/new-file.js";
import { shellWord } from "../../ground/shell-word.js";
import type { Env } from "../../settings/reader.js";
import type { SshConfigPlaces } from "../../settings/ssh-config.js";
import { examine, type Examined, type Look, type Seen } from "./examine.js";
import {
  fleetFiles,
  includePattern,
  includeWord,
  sharedNames,
  textOf,
  writeFiles,
  type FleetFile,
  type FleetFiles,
  type Shared,
} from "./fleet-files.js";
import { includeLine, isFirst, linesOfOurs, withLineFirst } from "./include-line.js";
import { preview, type Draft } from "./preview.js";
import { acceptedOf, readRecord, removeRecord, withAccepted, writeRecord, type InstallRecord } from "./record.js";
import type { FleetServer } from "./server-name.js";
import { checkChangeable, personsFile, readTarget, writeTarget, type ByHand, type Target } from "./target.js";

export interface InstallRequest {
  readonly stored: StoredFleet;
  readonly server: FleetServer;
  readonly places: SshConfigPlaces;
  /** Another file than ~/.ssh/config. */
  readonly file: string | undefined;
  readonly env: Env;
}

export interface InstallPlan {
  readonly target: Target;
  /** What is done with the line: "move" where something before it has an effect on the fleet's hosts. */
  readonly change: "none" | "add" | "move";
  readonly line: string;
  /** Where the line is now, counted from 1. */
  readonly lineAt: number | undefined;
  /** Whether something that ssh reads stands before it. */
  readonly isFirst: boolean;
  /** The person's file as it will be, as latin1. */
  readonly text: string;
  readonly files: FleetFiles;
  /** Those that are written. */
  readonly written: readonly FleetFile[];
  readonly shared: readonly Shared[];
  readonly server: FleetServer;
  /** The fleet's domains: for names below these, its files follow it from then on. */
  readonly domains: readonly string[];
  /** Those that nobody here has agreed to yet. */
  readonly newDomains: readonly string[];
  /** How it is with the line where it is now; undefined where it is not there yet. */
  readonly now: Examined | undefined;
  /** How it will be. */
  readonly after: Examined;
  /** How ssh reads it. */
  readonly look: Look;
  readonly folder: string;
}

const byHand = (line: string): ByHand => ({ what: "put this line at its top", line });

/** What can be known before the fleet is. @throws CONFIG_PATH, CONFIG_NOT_A_FILE, CONFIG_NOT_WRITABLE */
export async function checkTarget({ folder, sshHome }: SshConfigPlaces, file: string | undefined): Promise<void> {
  const line = includeLine(includeWord(folder));
  const target = await readTarget(file ?? personsFile(sshHome), byHand(line));
  if (linesOfOurs(target.text ?? "", includePattern(folder)).length === 0) await checkChangeable(target, byHand(line));
}

/** @throws CONFIG_PATH, CONFIG_FLEET, CONFIG_NOT_READ, CONFIG_NOT_A_FILE, CONFIG_NOT_WRITABLE, AGENT_NO_PLACE, TOOL_MISSING; nothing is written */
export async function planInstall({ stored, server, places, file, env }: InstallRequest): Promise<InstallPlan> {
  const { folder, sshHome } = places;
  const line = includeLine(includeWord(folder));
  const pattern = includePattern(folder);
  const target = await readTarget(file ?? personsFile(sshHome), byHand(line));
  const before = target.text ?? "";
  const [lineAt] = linesOfOurs(before, pattern);
  const files = await fleetFiles(stored, server, places);
  const draft = { before, path: target.path, files, folder, withSystems: file === undefined, home: sshHome, env };
  const first = withLineFirst(before, pattern, line);
  const now = lineAt === undefined ? undefined : await look({ ...draft, text: before });
  const moved = now === undefined || against(now) > 0 ? await look({ ...draft, text: first }) : undefined;
  const isBetter = moved !== undefined && (now === undefined || against(moved) < against(now));
  const change = now === undefined ? "add" : isBetter && first !== before ? "move" : "none";
  if (change !== "none") await checkChangeable(target, byHand(line));
  const written = [];
  for (const each of [files.knownHosts, files.block]) if ((await textOf(each.path)) !== each.text) written.push(each);
  const { domains } = stored.fleet;
  const accepted = acceptedOf(await readRecord(folder), server) ?? [];
  return {
    ...{ target, change, line, lineAt, files, written, folder, server, domains },
    newDomains: domains.filter((each) => !accepted.includes(each)),
    isFirst: lineAt !== undefined && isFirst(before, lineAt),
    text: change === "none" ? before : first,
    shared: await sharedNames(files, folder),
    now,
    after: (change === "none" ? (now ?? moved) : moved) as Examined,
    look: {
      args: file === undefined ? [] : ["-F", file],
      block: files.block.path,
      patterns: files.patterns,
      home: sshHome,
      env,
    },
  };
}

/** How many lines ssh takes in the place of ours. */
const against = ({ findings }: Examined) => findings.filter(({ kind }) => kind === "wins" || kind === "not-applied").length;

async function look(draft: Draft & { readonly before: string }): Promise<Examined> {
  const seen = await preview(draft);
  if (!("refused" in seen)) return seen;
  // As the file is now, the lines have the numbers that the person sees.
  const { path, text, before } = draft;
  const asItIs = await preview({ ...draft, text: before });
  const says = "refused" in asItIs ? asItIs.refused : seen.refused;
  const hasMark = text.includes("\u00ef\u00bb\u00bf");
  const mend = hasMark
    ? "take the byte order mark at its beginning away, which ssh does not know"
    : "correct the line that ssh names";
  const command = hasMark ? `sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(path)}` : `ssh -F ${shellWord(path)} -G localhost`;
  throw fail("CONFIG_NOT_READ", { file: path, says, mend, command });
}

/**
 * The fleet's files first, which have no effect without the line.
 * @returns what ssh says now
 * @throws CONFIG_CHANGED, CONFIG_NOT_WRITABLE, and system errors of the fleet's files: what was made is taken away then
 */
export async function install(plan: InstallPlan): Promise<Seen> {
  const { target, change, line, text, files, written, look, folder } = plan;
  const fresh = [];
  for (const { path } of written) if (!(await isThere(path))) fresh.push(path);
  const before = await readRecord(folder);
  const made = await missingFolders(folder);
  try {
    await writeFiles([files.knownHosts, files.block], folder);
    const folders = [...before.folders, ...made.filter((each) => !before.folders.includes(each))];
    const record = withAccepted({ ...before, folders }, plan.server, plan.domains);
    if (change !== "none") {
      const known = before.files.find(({ path }) => path === target.path);
      const entry = known ?? { path: target.path, madeFile: target.text === undefined, madeFolder: !target.hasFolder };
      await writeRecord(folder, { ...record, files: [...before.files.filter((each) => each !== known), entry] });
      if (!target.hasFolder) await makeFolder(dirname(target.real), 0o700);
      await writeTarget(target, text, byHand(line));
    } else await writeRecord(folder, record);
  } catch (error) {
    await undo(fresh, made, folder, before);
    throw error;
  }
  return examine(look);
}

async function undo(fresh: readonly string[], made: readonly string[], folder: string, before: InstallRecord): Promise<void> {
  try {
    for (const path of fresh) await rm(path, { force: true });
    if (before.files.length + before.folders.length + Object.keys(before.accepted).length > 0) await writeRecord(folder, before);
    else await removeRecord(folder);
    for (const each of made) await rmdir(each).catch(() => undefined);
  } catch {
    return; // the error that led here says more
  }
}

/** Those that would have to be made, the innermost first. */
async function missingFolders(path: string): Promise<readonly string[]> {
  if ((await isThere(path)) || basename(path) === "") return [];
  return [path, ...(await missingFolders(dirname(path)))];
}
