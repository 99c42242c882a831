/** A tar archive in memory, for the few small files that are put into a container. */
import { Readable } from "node:stream";
import { pack } from "tar-stream";

export interface TarFile {
  /** Absolute, inside the container. */
  readonly path: string;
  readonly content: string | Buffer;
  /** Permission bits, e.g. 0o400. */
  readonly mode: number;
}

/** Packs files, owned by root; their folders must exist or are made by the engine. */
export function tarOf(files: readonly TarFile[]): NodeJS.ReadableStream {
  const archive = pack();
  for (const { path, content, mode } of files) {
    archive.entry({ name: path.replace(/^\//, ""), mode, uid: 0, gid: 0, mtime: new Date() }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}
