/** A tar archive in memory, for the few small files that are put into a container. */
import { Readable } from "node:stream";
import { pack } from "tar-stream";

export interface TarFile {
  /** Absolute, inside the container. */
  readonly path: string;
  readonly content: string | Buffer;
  /** Permission bits, e.g. 0o400. */
  readonly mode: number;
  /** Whose it is; root's where it is left out. */
  readonly uid?: number;
}

/** Packs files; their folders must exist or are made by the engine. */
export function tarOf(files: readonly TarFile[]): NodeJS.ReadableStream {
  const archive = pack();
  for (const { path, content, mode, uid = 0 } of files) {
    archive.entry({ name: path.replace(/^\//, ""), mode, uid, gid: uid, mtime: new Date() }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}
