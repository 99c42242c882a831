import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabSettings } from "../../../lab/settings/lab.js";
import { readLabSettings } from "../../../lab/settings/lab.js";

export interface Bench extends AsyncDisposable {
  readonly folder: string;
  /** With a cache of its own; nothing may be installed unless said. */
  readonly settings: LabSettings;
}

export async function openBench(options: { install?: boolean; terraform?: string } = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "toolchain-"));
  const env = { XDG_CACHE_HOME: join(folder, "cache"), TERRAFORM_BINARY_NAME: options.terraform };
  const settings = readLabSettings(env, { install: options.install ?? false, root: folder });
  return { folder, settings, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A PATH on which there is nothing. */
export const nothing = { PATH: "/nonexistent" };
export const bareDebian = { environment: nothing, system: { debian: true, root: true } };
