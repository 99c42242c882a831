/** Files of a container, running or not. */
import { basename } from "node:path";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { statusOf, type Engine } from "./engine.js";
import { tarOf, type TarFile } from "./tar.js";

/** Puts files in; a secret gets into a container this way. */
export async function putFiles(engine: Engine, name: string, files: readonly TarFile[]): Promise<void> {
  if (files.length > 0) await engine.getContainer(name).putArchive(tarOf(files), { path: "/" });
}

/** A file's content, or undefined where the container has no such file. */
export async function readFileIn(engine: Engine, container: string, path: string): Promise<string | undefined> {
  const [content] = (await readFolderIn(engine, container, path)).values();
  return content;
}

/**
 * The files in a folder, by name; none where the container has no such folder. For each call the engine starts itself once more,
 * which takes as long as a login: what is read together stands together.
 */
export async function readFolderIn(engine: Engine, container: string, path: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  try {
    const archive = await engine.getContainer(container).getArchive({ path });
    for await (const entry of Readable.from(archive).pipe(extract())) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      const isBelow = entry.header.name.split("/").length > 2;
      if (entry.header.type === "file" && !isBelow) files.set(basename(entry.header.name), Buffer.concat(parts).toString("utf8"));
    }
    return files;
  } catch (error) {
    if (statusOf(error) === 404) return files;
    throw error;
  }
}
