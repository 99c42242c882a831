/** The package as `npm pack` makes it, installed in an empty folder: there is nothing else that it could lean on. */
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { exists } from "../../src/toolchain/cache.js";
import { compiledFolder, root, run, type Ran } from "./project.js";

const sources = ["package.json", "package-lock.json", "tsconfig.json", "README.md", "CONTRIBUTING.md", "LICENSE"];
const folders = ["bin", "docs", "lab", "scripts", "src", "stacks", "tools"];

export interface InstalledPackage {
  /** What the package holds, by path. */
  readonly files: readonly string[];
  /** The project that it is installed in: nothing else is there. */
  readonly project: string;
  /** Its own folder. */
  readonly folder: string;
  /** The packed file. */
  readonly archive: string;
  /** Runs its command in the project. */
  readonly command: (...args: string[]) => Promise<Ran>;
  readonly remove: () => Promise<void>;
}

/** What lies in the folder that is packed, beside what belongs there: of an older build, of tests, of a lab, a person's. */
export const leftovers = [
  "dist/.tsbuildinfo",
  "dist/renamed-since.js",
  "test/unit/errors.test.ts",
  ".lab/client/token-header",
  "ssh-keys/alice_id_rsa",
  "ca/SSH/host/private/lab_host_rsa_key",
  "known_hosts",
];

export async function installPackage(): Promise<InstalledPackage> {
  const room = await mkdtemp(join(tmpdir(), "ssh-trust-package-"));
  const { archive, files } = await packedOnce();

  const project = join(room, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  await succeeding(run("npm", ["install", "--offline", "--no-audit", "--no-fund", archive], { cwd: project }));
  return {
    files,
    project,
    folder: join(project, "node_modules/ssh-trust"),
    archive,
    command: (...args) => run(join(project, "node_modules/.bin/ssh-trust"), args, { cwd: project }),
    remove: () => rm(room, { recursive: true, force: true }),
  };
}

type Packing = Pick<InstalledPackage, "archive" | "files">;

/** Packed once for all tests while the sources stay the same: it takes as long as all else that they do. */
async function packedOnce(): Promise<Packing> {
  const folder = join(root, "build", `package-${basename(compiledFolder)}`);
  const list = join(folder, "files.json");
  if (!(await exists(folder))) {
    const draft = await mkdtemp(`${folder}.`);
    const { archive, files } = await pack(draft);
    await rm(join(draft, "origin"), { recursive: true });
    await writeFile(join(draft, "files.json"), JSON.stringify({ archive: basename(archive), files }));
    // Another test file may have been quicker.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  }
  const { archive, files } = JSON.parse(await readFile(list, "utf8")) as Packing;
  return { archive: join(folder, archive), files };
}

/** @param room the folder for what is packed, and for the archive */
async function pack(room: string): Promise<Packing> {
  const origin = join(room, "origin");
  for (const name of [...sources, ...folders]) await cp(join(root, name), join(origin, name), { recursive: true });
  for (const name of leftovers) {
    await mkdir(dirname(join(origin, name)), { recursive: true });
    await writeFile(join(origin, name), "left over");
  }
  await symlink(join(root, "node_modules"), join(origin, "node_modules"));
  const packed = await succeeding(run("npm", ["pack", "--json", "--pack-destination", room], { cwd: origin }));
  const answer = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("[\n"))) as Packed[];
  return {
    archive: join(room, answer[0]?.filename ?? ""),
    files: (answer[0]?.files ?? []).map(({ path }) => path).sort(),
  };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

async function succeeding(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.exit !== 0) throw new Error(ran.all);
  return ran;
}
