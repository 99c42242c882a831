import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { resolveGo } from "./go.js";
import { lastWords, run, type RunOptions } from "./run.js";
import { goTarget } from "./target.js";
import { openTemporaryFolder, type TemporaryFolder } from "./temporary-folder.js";
import type { Surroundings } from "./surroundings.js";
import type { GoModule } from "./versions.js";

/**
 * Builds Go programs and leaves nothing of it on the machine: what Go downloads and compiles is kept in a temporary
 * folder, shared by the builds of one run and removed when the workshop is disposed of. Nothing is made before the
 * first build.
 *
 * Each module is checked against the sum it is pinned to, and built in its own folder, so that the go.sum inside it
 * decides over everything else that is downloaded.
 */
export class GoWorkshop implements AsyncDisposable {
  #open: Promise<{ readonly folder: TemporaryFolder; readonly go: string }> | undefined;

  constructor(
    private readonly settings: ToolchainSettings,
    private readonly progress: Progress,
    private readonly surroundings: Surroundings = {},
  ) {}

  /**
   * Builds the module's program into the file `out`.
   * @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH
   */
  async build(what: string, module: GoModule, out: string): Promise<void> {
    this.#open ??= this.#setUp();
    const { folder, go } = await this.#open;
    await this.progress.during(`building ${what} (this takes some minutes)`, async (detail) => {
      const options = { environment: this.surroundings.environment, set: variables(folder.path), cwd: folder.path, detail };
      const downloaded = await download(what, module, go, options);
      const own = module.replacesByFolders === true;
      const source = own ? await withoutReplacements(downloaded, join(folder.path, "source"), go, options) : downloaded;
      const args = [
        "build",
        "-C",
        source,
        "-v",
        own ? "-mod=mod" : "-mod=readonly",
        "-trimpath",
        "-ldflags",
        module.linker,
        "-o",
        out,
        module.program,
      ];
      const target = module.inContainer === true ? { GOOS: "linux" } : {};
      await run(go, args, { ...options, set: { ...options.set, ...target } }).catch((error: unknown) => {
        throw fail("FETCH_FAILED", { what, reason: lastWords(error) }, error);
      });
    });
  }

  async #setUp() {
    const { binary } = await resolveGo(this.settings, this.progress, this.surroundings);
    const folder = await openTemporaryFolder(this.settings.cacheDir);
    await mkdir(join(folder.path, "tmp"));
    // a go.mod further up would be taken for ours
    await writeFile(join(folder.path, "go.mod"), "module workshop\n");
    return { folder, go: binary };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = await this.#open?.catch(() => undefined);
    this.#open = undefined;
    await open?.folder[Symbol.asyncDispose]();
  }
}

function variables(folder: string): Readonly<Record<string, string>> {
  return {
    GOMODCACHE: join(folder, "modules"),
    GOCACHE: join(folder, "compiled"),
    GOTMPDIR: join(folder, "tmp"),
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOTOOLCHAIN: "auto",
    GOWORK: "off",
    GO111MODULE: "on",
    CGO_ENABLED: "0",
    GOOS: goTarget.os,
    GOARCH: goTarget.arch,
  };
}

/** Downloads a module and tells the folder of its source. */
async function download(what: string, module: GoModule, go: string, options: RunOptions): Promise<string> {
  const args = ["mod", "download", "-json", `${module.path}@${module.version}`];
  const { stdout } = await run(go, args, options).catch((error: unknown) => {
    throw fail("FETCH_FAILED", { what, reason: lastWords(error) }, error);
  });
  const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (Sum === module.sum) return Dir;
  throw fail("CHECKSUM_MISMATCH", { what: `the Go module ${module.path}@${module.version}`, expected: module.sum, actual: Sum });
}

/** Copies a module's source and drops the lines of its go.mod that name folders in the place of modules. */
async function withoutReplacements(source: string, copy: string, go: string, options: RunOptions): Promise<string> {
  await cp(source, copy, { recursive: true });
  await chmod(join(copy, "go.mod"), 0o644);
  await chmod(join(copy, "go.sum"), 0o644);
  const { stdout } = await run(go, ["mod", "edit", "-C", copy, "-json"], options);
  const { Replace } = JSON.parse(stdout) as { readonly Replace: readonly { Old: { Path: string }; New: { Path: string } }[] };
  const dropped = Replace.filter(({ New }) => New.Path.startsWith("./")).map(({ Old }) => `-dropreplace=${Old.Path}`);
  await run(go, ["mod", "edit", "-C", copy, ...dropped], options);
  return copy;
}

/** The Go module a program was built from, and what it was checked against, for a part. */
export function builtFrom(module: GoModule): { readonly where: string; readonly checksum: string } {
  return { where: `the Go module ${module.path}@${module.version}`, checksum: module.sum };
}
