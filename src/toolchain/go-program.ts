import { join } from "node:path";
import type { Progress } from "../ground/progress.js";
import type { ToolchainSettings } from "../settings/toolchain.js";
import { cached } from "./cache.js";
import { builtFrom, GoWorkshop } from "./go-workshop.js";
import type { Part, Program } from "./part.js";
import type { ToolchainOptions } from "./toolchain-options.js";
import { opentofu, type GoModule } from "./versions.js";

export interface GoProgram<Name extends string> {
  /** Its name as a part, and its folder in the cache. */
  readonly name: Name;
  /** The file that it is. */
  readonly file: string;
  /** What people call it. */
  readonly title: string;
  readonly pin: { readonly version: string; readonly module: GoModule };
}

/** A program from the cache, or built from its Go module. @throws TOOL_MISSING, FETCH_FAILED, CHECKSUM_MISMATCH */
export const fetcher =
  <Name extends string>({ name, file, title, pin: { version, module } }: GoProgram<Name>) =>
  async (
    settings: ToolchainSettings,
    progress: Progress,
    options: ToolchainOptions = {},
  ): Promise<Omit<Program, "name"> & Omit<Part, "name"> & { readonly name: Name }> => {
    const { path, made } = await cached(settings, join(name, version, file), async (folder) => {
      await using own = options.workshop === undefined ? new GoWorkshop(settings, progress, options) : undefined;
      const built = join(folder, file);
      await (options.workshop ?? own)?.build(`${title} ${version}`, module, built);
      return built;
    });
    const part = { name, version, binary: path } as const;
    return made ? { ...part, how: "built", ...builtFrom(module) } : { ...part, how: "found", where: path };
  };

export const fetchOpenTofu = fetcher({ name: "opentofu", file: "tofu", title: "OpenTofu", pin: opentofu });
