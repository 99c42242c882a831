/** Reaching the Docker engine, and saying plainly why it cannot be reached. */
import Docker from "dockerode";
import { atLeast } from "../../src/ground/compare-versions.js";
import { fail, isFailure, reasonOf } from "../errors/catalogue.js";
import type { LabNames } from "../names.js";
import { engineOptions, type EngineSettings } from "./engine-options.js";
import type { Owner } from "./owner.js";

/** The engine, and on whose behalf it is asked. */
export class Engine extends Docker {
  constructor(
    options: Docker.DockerOptions,
    readonly owner: Owner,
  ) {
    super(options);
  }
}

const oldest = "20.10";

/**
 * Connects to the engine of DOCKER_HOST, or of the default socket.
 * @throws DOCKER_DOWN, DOCKER_PERMISSION, DOCKER_TOO_OLD, SETTING_INVALID
 */
export async function connectEngine(
  settings: EngineSettings & { readonly names: Pick<LabNames, "lab">; readonly root: string },
): Promise<Engine> {
  const { where, options } = await engineOptions(settings);
  const engine = new Engine(options, { lab: settings.names.lab, checkout: settings.root });
  let version: string;
  try {
    version = (await inTime(engine.version())).Version;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw fail(code === "EACCES" || code === "EPERM" ? "DOCKER_PERMISSION" : "DOCKER_DOWN", { where }, error);
  }
  if (!atLeast(version, oldest)) throw fail("DOCKER_TOO_OLD", { version, needed: oldest });
  return engine;
}

/** An engine that is stopped, not down, takes a request and never answers it. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error("no answer within 10 s"));
    }, 10_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The HTTP status of an engine's refusal, if `error` is one. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === "number" ? status : undefined;
}

/** Awaits `work`; an answer of 304 or 404 means that it was done already. */
export async function unlessDone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
  }
}

/** Runs `work`; what the engine refuses becomes DOCKER_FAILED. */
export async function asking<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error)) throw error;
    throw fail("DOCKER_FAILED", { what, reason: reasonOf(error).replace(/^\(HTTP code \d+\) /, "") }, error);
  }
}
