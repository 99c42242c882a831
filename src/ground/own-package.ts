/** This package itself: what its package.json says, and where it is installed. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { shellWord } from "./shell-word.js";

export interface OwnPackage {
  /** The folder of package.json, absolute: above the sources, and above what is built from them. */
  readonly folder: string;
  readonly version: string;
  /** Packages that are used where they are there, with the versions that fit: "0.21.0", "^10.4.2". */
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export function ownPackage(): OwnPackage {
  let folder = new URL("./", import.meta.url);
  while (!existsSync(new URL("package.json", folder))) folder = new URL("../", folder);
  const text = readFileSync(new URL("package.json", folder), "utf8");
  const { version, peerDependencies } = JSON.parse(text) as Omit<OwnPackage, "folder">;
  return { folder: fileURLToPath(folder).replace(/\/$/, ""), version, peerDependencies };
}

/** Its folder of docs, as somebody names it who stands in a folder. @example docsFolder("/home/me/fleet") // "node_modules/ssh-trust/docs" */
export function docsFolder(from: string = process.cwd(), folder: string = ownPackage().folder): string {
  const near = relative(from, join(folder, "docs"));
  return shellWord(near.startsWith("..") ? join(folder, "docs") : near);
}

/**
 * The command that installs packages where those of `folder` are looked for: beside it, by the package manager that put it
 * there.
 * @param folder of an installed package, or a checkout
 * @param packages such as "cdktf@0.21.0"
 * @param there whether a file exists
 */
export function installCommand(
  folder: string,
  packages: readonly string[],
  there: (file: string) => boolean = existsSync,
): string {
  const [project = folder, inside] = folder.split("/node_modules/", 2);
  const call = (program: string, option: string, at: string, verb: string) =>
    [program, option, shellWord(at), verb, ...packages.map(shellWord)].join(" ");
  if (there(`${project}/pnpm-lock.yaml`)) return call("pnpm", "--dir", project, "add");
  if (there(`${project}/yarn.lock`)) return call("yarn", "--cwd", project, "add");
  // Above global packages there is no package.json: npm help folders.
  if (inside === undefined || there(`${project}/package.json`)) return call("npm", "--prefix", project, "install");
  return call("npm --global", "--prefix", project.replace(/\/lib$/, ""), "install");
}
