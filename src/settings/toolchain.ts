/** Where programs are looked for, and whether what is missing may be fetched or installed. */
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { absolutePath, read, type Env } from "./reader.js";

export interface ToolchainSettings {
  /** Downloads: `$XDG_CACHE_HOME/ssh-trust`. */
  readonly cacheDir: string;
  /** The Terraform or OpenTofu to use, where one was named. */
  readonly terraformBinary: string | undefined;
  /** PATH: where programs are looked for. */
  readonly path: string;
  /** Whether missing programs may be installed on this machine. */
  readonly mayInstall: boolean;
}

/**
 * | variable | meaning |
 * |---|---|
 * | `XDG_CACHE_HOME` | where downloads go, below `ssh-trust` |
 * | `TERRAFORM_BINARY_NAME` | the Terraform or OpenTofu to use |
 * | `CI` | missing programs may be installed |
 *
 * @param install whether a person asked for missing programs to be installed
 * @throws SETTING_INVALID
 */
export function readToolchainSettings(env: Env = process.env, install?: boolean): ToolchainSettings {
  return Object.freeze({
    cacheDir: join(read(env, ["XDG_CACHE_HOME"], absolutePath) ?? join(homedir(), ".cache"), "ssh-trust"),
    terraformBinary: read(env, ["TERRAFORM_BINARY_NAME"], z.string().min(1)),
    path: env["PATH"] ?? "",
    mayInstall: install ?? isCi(env),
  });
}

/** Whether nobody watches. */
export const isCi = (env: Env = process.env): boolean => !["", "0", "false"].includes(env["CI"]?.toLowerCase() ?? "");
