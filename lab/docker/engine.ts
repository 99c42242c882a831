/** Reaching the Docker engine, and saying plainly why it cannot be reached. */
import Docker from "dockerode";
import { fail, isFailure, reasonOf } from "../../src/errors/catalogue.js";
import type { Settings } from "../../src/settings.js";

export type Engine = Docker;

const oldest = "20.10";
const defaultSocket = "/var/run/docker.sock";

/** Where the engine is: DOCKER_HOST, or the default socket. */
export const engineAddress = ({ dockerHost }: Pick<Settings, "dockerHost">): string => dockerHost ?? `unix://${defaultSocket}`;

/**
 * Connects to the engine of DOCKER_HOST, or of the default socket.
 * @throws DOCKER_DOWN, DOCKER_PERMISSION, DOCKER_TOO_OLD
 */
export async function connectEngine(settings: Pick<Settings, "dockerHost">): Promise<Engine> {
  const where = engineAddress(settings);
  // dockerode itself understands tcp:// and ssh:// when it finds them in DOCKER_HOST.
  const engine = where.startsWith("unix://") ? new Docker({ socketPath: where.slice("unix://".length) }) : new Docker();
  let version: string;
  try {
    version = (await inTime(engine.version())).Version;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw fail(code === "EACCES" || code === "EPERM" ? "DOCKER_PERMISSION" : "DOCKER_DOWN", { where }, error);
  }
  if (isOlder(version, oldest)) throw fail("DOCKER_TOO_OLD", { version, needed: oldest });
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

function isOlder(version: string, limit: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [limitMajor = 0, limitMinor = 0] = limit.split(".").map(Number);
  return major < limitMajor || (major === limitMajor && minor < limitMinor);
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
