/** Images: built from files of the project, known by the hash of what they were built from. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, reasonOf } from "../errors/catalogue.js";
import { asking, statusOf, unlessDone, type Engine } from "./engine.js";
import { follow } from "./follow.js";
import { baseLabels, labelsOf } from "./owner.js";

export interface ImageSpec {
  readonly tag: string;
  /** Relative to the project's folder, as every path here. */
  readonly dockerfile: string;
  /** What the Dockerfile copies. */
  readonly files: readonly string[];
  /** Packages whose modules it copies, known by what their package.json says. */
  readonly folders?: readonly string[];
  /** Large files that it copies too, known by a checksum so that they need not be read to see whether they changed. */
  readonly pinned?: Readonly<Record<string, string>>;
  /** The image it is built on: handed over as build argument BASE, and part of the hash. */
  readonly base: string;
  /** Further build arguments, such as a folder that is called otherwise in each lab. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

const hashLabel = "io.ssh-trust.built-from";

/** The id of an image that is here, or undefined. */
export async function imageId(engine: Engine, tag: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(tag).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** How long ago an image that is here was made, or undefined. */
export async function imageAgeInDays(engine: Engine, tag: string): Promise<number | undefined> {
  try {
    return (Date.now() - Date.parse((await engine.getImage(tag).inspect()).Created)) / 86_400_000;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The hash of everything an image is made of: base, Dockerfile, files. */
export async function hashOf(engine: Engine, root: string, spec: ImageSpec): Promise<string> {
  const hash = createHash("sha256").update((await imageId(engine, spec.base)) ?? spec.base);
  for (const file of [spec.dockerfile, ...spec.files, ...packageFiles(spec)]) {
    const path = join(root, file);
    const runs = ((await stat(path)).mode & 0o111) === 0 ? "" : "runs";
    hash.update(`\0${file}\0${runs}\0`).update(await readFile(path));
  }
  return hash.update(JSON.stringify(spec.pinned ?? {})).digest("hex");
}

/** What of a package runs: its modules, without tests and examples. */
async function packageContents(root: string, { folders = [] }: ImageSpec): Promise<string[]> {
  const contents = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names
        .filter((name) => /\.js(on)?$/.test(name) && !/^(test|examples?)\//.test(name))
        .map((name) => join(folder, name));
    }),
  );
  return contents.flat();
}

const packageFiles = ({ folders = [] }: ImageSpec) => folders.map((folder) => `${folder}/package.json`);

/** Whether the image is here and made of what the files hold now. */
export async function isBuilt(engine: Engine, root: string, spec: ImageSpec): Promise<boolean> {
  try {
    const image = await engine.getImage(spec.tag).inspect();
    return image.Config.Labels[hashLabel] === (await hashOf(engine, root, spec));
  } catch {
    return false; // missing image or missing file: it must be built, and the build says why it cannot
  }
}

/**
 * Builds an image, unless it is here already.
 * @param detail called with each step of the Dockerfile
 * @returns "kept" or "built"
 * @throws IMAGE_BUILD_FAILED
 */
export async function ensureImage(
  engine: Engine,
  root: string,
  spec: ImageSpec,
  detail: (text: string) => void,
): Promise<"kept" | "built"> {
  if (await isBuilt(engine, root, spec)) return "kept";
  try {
    const hash = await hashOf(engine, root, spec);
    const stream = await engine.buildImage(
      {
        context: root,
        src: [spec.dockerfile, ...spec.files, ...(await packageContents(root, spec)), ...Object.keys(spec.pinned ?? {})],
      },
      {
        t: spec.tag,
        dockerfile: spec.dockerfile,
        buildargs: { BASE: await unlabelled(engine, spec.base), ...spec.buildArgs },
        labels: { ...labelsOf(engine.owner, "image"), [hashLabel]: hash },
        rm: true,
        forcerm: true,
      },
    );
    await follow(engine, stream, detail);
  } catch (error) {
    throw fail("IMAGE_BUILD_FAILED", { image: spec.tag, reason: reasonOf(error) }, error);
  }
  return "built";
}

/**
 * One of ours without the labels that say whose it is, which the engine adds last: what is built on it for one lab, the engine finds
 * again for the next. As it is where the engine does not keep the steps of a build.
 */
async function unlabelled(engine: Engine, tag: string): Promise<string> {
  try {
    const { Config, Parent } = await engine.getImage(tag).inspect();
    return Config.Labels[hashLabel] === undefined || Parent === "" ? tag : Parent;
  } catch {
    return tag; // the build says what is wrong
  }
}

/** Imports a root file system (a tar file) as an image that all labs build on. */
export async function importImage(engine: Engine, tar: string, tag: string): Promise<void> {
  const stream = await engine.importImage(createReadStream(tar), { ...partsOf(tag), changes: [labelLine(baseLabels)] });
  await follow(engine, stream, () => undefined);
}

/** Makes an image of a container's disk, as it is. The container's processes are paused meanwhile. */
export async function commitImage(engine: Engine, container: string, tag: string): Promise<void> {
  const committing = engine
    .getContainer(container)
    .commit({ ...partsOf(tag), changes: labelLine(labelsOf(engine.owner, "image")) });
  await asking(`copy the disk of ${container}`, committing);
}

/** Removes an image of ours, where it is there. */
export async function removeImage(engine: Engine, tag: string): Promise<void> {
  await asking(`remove the image ${tag}`, unlessDone(engine.getImage(tag).remove()));
}

function partsOf(name: string): { repo: string; tag: string } {
  const [repo = name, tag = "latest"] = name.split(":");
  return { repo, tag };
}

/** A Dockerfile's line. */
const labelLine = (labels: Readonly<Record<string, string>>): string =>
  `LABEL ${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value).replaceAll("$", "\\$")}`)
    .join(" ")}`;

/** Pulls an image; false if no registry has it or can be reached. */
export async function pullImage(engine: Engine, tag: string, detail: (text: string) => void): Promise<boolean> {
  try {
    await follow(engine, await engine.pull(tag), detail);
    return true;
  } catch {
    return false;
  }
}
