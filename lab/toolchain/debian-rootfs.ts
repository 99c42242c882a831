import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../errors/catalogue.js";
import type { Progress } from "../../src/ground/progress.js";
import type { LabSettings } from "../settings/lab.js";
import { cached } from "../../src/toolchain/cache.js";
import { findOrInstall } from "../../src/toolchain/find-or-install.js";
import { findProgram } from "../../src/toolchain/find-program.js";
import type { Part } from "../../src/toolchain/part.js";
import { lastWords, runAsAdministrator } from "../../src/toolchain/run.js";
import { readSystem } from "../../src/toolchain/system.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";
import { debian, factsOf, type Suite } from "./versions.js";

const { variant } = debian;
const need = (suite: Suite) => ({
  tool: "debootstrap",
  packages: ["debootstrap", "debian-archive-keyring", "gpgv"],
  why: `the containers' base image is made with it where Docker cannot pull debian:${suite}-slim`,
});

/** What a running system fills, what apt can fetch again, and the name and name server of the machine it was made on. */
const leftOut = [
  "./dev/*",
  "./proc/*",
  "./sys/*",
  "./etc/hostname",
  "./etc/resolv.conf",
  "./var/cache/apt/*.bin",
  "./var/cache/apt/archives/*.deb",
  "./var/lib/apt/lists/*",
  "./var/log/*.log",
];

/**
 * The root file system of a minimal Debian as an uncompressed tar file, ready to be imported as an image.
 * @throws TOOL_MISSING (also when not root), FETCH_FAILED
 */
export async function fetchDebianRootfs(
  settings: LabSettings,
  progress: Progress,
  suite: Suite,
  surroundings: Surroundings = {},
): Promise<Part & { readonly tar: string }> {
  const name = `debian-${suite}-${variant}.tar`;
  const make = async (folder: string) => {
    await requireDebootstrap(settings, progress, suite, surroundings);
    const tar = join(folder, name);
    await progress.during(`making a minimal Debian ${suite}`, (detail) => makeTar(suite, folder, tar, detail, surroundings));
    return tar;
  };
  const { path, made } = await cached(settings, name, make, factsOf(suite).freshForDays);
  const part = { name: "debian", version: `${suite} (${variant})`, tar: path };
  if (!made) return { ...part, how: "found", where: path };
  return {
    ...part,
    how: "built",
    where: "Debian's packages with debootstrap",
    checksum: "signed with a key of debian-archive-keyring",
  };
}

async function requireDebootstrap(
  settings: LabSettings,
  progress: Progress,
  suite: Suite,
  surroundings: Surroundings,
): Promise<void> {
  const find = () => findProgram("debootstrap", surroundings.environment, { administrator: true });
  const { root } = surroundings.system ?? (await readSystem());
  if (!root) {
    throw fail("TOOL_MISSING", {
      tool: `the image debian:${suite}-slim`,
      why: "it could not be pulled, and only root can make one like it",
      how: [{ say: "pull it", run: `docker pull debian:${suite}-slim` }, { say: "or run this as root" }],
    });
  }
  await findOrInstall(need(suite), find, settings, progress, surroundings);
}

async function makeTar(
  suite: Suite,
  folder: string,
  tar: string,
  detail: (line: string) => void,
  { environment }: Surroundings,
): Promise<void> {
  const root = join(folder, "root");
  // in name spaces of its own, which end with us: nothing stays mounted when we are killed
  const contained = ["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"];
  const debootstrap = ["debootstrap", "--force-check-gpg", `--variant=${variant}`, suite, root];
  try {
    await runAsAdministrator("setpriv", [...contained, ...debootstrap], { environment, detail });
    if (factsOf(suite).updates) await addUpdates(suite, join(root, "etc", "apt", "sources.list"));
    detail("packing");
    const excluded = leftOut.map((pattern) => `--exclude=${pattern}`);
    await runAsAdministrator("tar", ["--numeric-owner", ...excluded, "-C", root, "-cf", tar, "."], { environment });
  } catch (error) {
    throw fail("FETCH_FAILED", { what: `Debian ${suite}`, reason: lastWords(error) }, error);
  }
}

/** debootstrap names only the release itself; its updates are beside it, those for security in an archive of their own. */
async function addUpdates(suite: Suite, sourcesList: string): Promise<void> {
  const [, archive] = /^deb (\S+) /.exec(await readFile(sourcesList, "utf8")) ?? [];
  if (archive === undefined) return;
  const base = archive.replace(/\/+$/, "");
  await appendFile(sourcesList, `deb ${base} ${suite}-updates main\ndeb ${base}-security ${suite}-security main\n`);
}
