/** Where the files of hosts go. All of it is looked at before anything is done in Vault. */
import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../../errors/catalogue.js";
import { checkWritable } from "../../../ground/atomic-file.js";
import { isThere, writeNewFile } from "../../../ground/new-file.js";
import { systemCode } from "../../../ground/system-error.js";
import { endings } from "../../../host/hand-over/render.js";
import { printWhole } from "../../../terminal/report.js";
import { usage, type HandOverOptions } from "./options.js";

export interface Targets {
  /** Makes the folder, where there has to be one. @returns what takes it away again, where it is empty and was not there */
  readonly prepare: () => Promise<() => Promise<void>>;
  /** @returns the file; undefined: it was printed. @throws HOST_FILE_EXISTS, FILE_NOT_WRITTEN */
  readonly write: (name: string, text: string) => Promise<string | undefined>;
}

const nothing = () => Promise.resolve();

/** @param many whether it is a folder that is written to, whatever is there. @throws USAGE, HOST_FILE_EXISTS, FILE_NOT_WRITTEN */
export async function targetsFor(
  verb: string,
  names: readonly string[],
  { out, format }: Pick<HandOverOptions, "out" | "format">,
  many: boolean,
): Promise<Targets> {
  if (out === "") throw usage(verb, '--out: "" is not a file');
  if (out === "-") {
    if (many) throw usage(verb, "several hosts have a file each: --out names a folder");
    return {
      prepare: () => Promise.resolve(nothing),
      write: async (_name, text) => {
        await printWhole(text);
        return undefined;
      },
    };
  }
  const folder = many || (await isFolder(out)) || out.endsWith("/");
  const at = (name: string) => (folder ? join(out, `${name}.${endings[format]}`) : out);
  if (folder && !(await isFolder(out))) {
    if (await isThere(out))
      throw fail("FILE_NOT_WRITTEN", { file: out, reason: "it is a file, and a folder is needed for several hosts" });
    await checkWritable(out.replace(/\/+$/, ""));
  } else await checkWritable(at(names[0] ?? ""));
  for (const file of names.map(at)) if (await isThere(file)) throw exists(file);
  return {
    prepare: async () => {
      const made = folder ? await mkdir(out, { recursive: true, mode: 0o700 }) : undefined;
      return made === undefined ? nothing : () => rmdir(out).catch(() => undefined);
    },
    async write(name, text) {
      const file = at(name);
      await writeNewFile(file, text, 0o600).catch((error: unknown) => {
        if (systemCode(error) === "EEXIST") throw exists(file, error);
        throw fail("FILE_NOT_WRITTEN", { file, reason: reasonFor(error, dirname(file)) }, error);
      });
      return file;
    },
  };
}

const exists = (file: string, cause?: unknown) => fail("HOST_FILE_EXISTS", { file }, cause);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

/** Without the name of the draft, which says nothing to anybody. */
const reasonFor = (error: unknown, folder: string): string =>
  `${/^E[A-Z0-9]+: [^,]+/.exec(error instanceof Error ? error.message : String(error))?.[0] ?? "unknown reason"} (in ${folder})`;
