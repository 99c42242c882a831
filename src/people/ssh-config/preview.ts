/** Configurations as they would be, in a folder that vanishes: ssh is asked what it would do with them. */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { blockEnding, filesIn, includePattern, includeWord, type FleetFiles } from "./fleet-files.js";
import { examine, type Examined, type Look, type Seen } from "./examine.js";
import { includeLine, withLineReplaced } from "./include-line.js";
import { configPath } from "./words.js";

export interface Draft extends Pick<Look, "home" | "env"> {
  /** The person's file as it would be, as latin1. */
  readonly text: string;
  /** Its path. */
  readonly path: string;
  readonly files: FleetFiles;
  readonly folder: string;
  /** Whether ssh also reads the system's configuration then: it does not with -F. */
  readonly withSystems: boolean;
}

const systems = "/etc/ssh/ssh_config";

/** @throws CONFIG_PATH, TOOL_MISSING */
export async function preview({ text, path, files, folder, withSystems, home, env }: Draft): Promise<Seen> {
  const place = await mkdtemp(join(tmpdir(), "ssh-trust-config-"));
  try {
    const blocks = join(place, "blocks");
    await mkdir(blocks, { mode: 0o700 });
    const there = (await filesIn(folder)).filter((each) => each.endsWith(blockEnding) && each !== files.block.path);
    for (const each of there) await writeFile(join(blocks, basename(each)), await readFile(each), { mode: 0o600 });
    const block = join(blocks, basename(files.block.path));
    await writeFile(block, files.block.text, { mode: 0o600 });
    const config = join(place, "config");
    const draft = withLineReplaced(text, includePattern(folder), includeLine(includeWord(blocks)));
    await writeFile(config, Buffer.from(draft, "latin1"), { mode: 0o600 });
    const main = join(place, "main");
    const hasSystems = withSystems && (await isReadable(systems));
    const read = [config, ...(hasSystems ? [systems] : [])];
    await writeFile(main, read.map((each) => `${includeLine(configPath(each, "TMPDIR"))}\n`).join(""), { mode: 0o600 });
    const seen = await examine({ args: ["-F", main], block, patterns: files.patterns, home, env });
    if ("refused" in seen) return { refused: seen.refused.replaceAll(config, path).replaceAll(blocks, folder) };
    return renamed(seen, (file) =>
      file === config ? path : file.startsWith(`${blocks}/`) ? join(folder, basename(file)) : file,
    );
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const isReadable = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** By the files' own names. */
function renamed(seen: Examined, nameOf: (file: string) => string): Examined {
  const at = <T extends { readonly file: string }>(place: T): T => ({ ...place, file: nameOf(place.file) });
  return {
    ...seen,
    findings: seen.findings.map((each) => ({ ...each, place: each.place === undefined ? undefined : at(each.place) })),
    before: seen.before.map(at),
  };
}
