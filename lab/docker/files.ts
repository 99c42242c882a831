/** Files of a container, running or not. */
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
  try {
    const archive = await engine.getContainer(container).getArchive({ path });
    const entries = Readable.from(archive).pipe(extract());
    for await (const entry of entries) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      return Buffer.concat(parts).toString("utf8");
    }
    return undefined;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
