import { execa, ExecaError } from "execa";
import { reasonOf } from "../errors/catalogue.js";

/** All the variables that programs get, PATH among them; undefined: those of this process. */
export type Environment = Readonly<Record<string, string>> | undefined;

export interface RunOptions {
  readonly environment?: Environment;
  /** Variables set on top. */
  readonly set?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In milliseconds. */
  readonly timeout?: number;
  /** Called with each line that the program prints, on either stream. */
  readonly detail?: ((line: string) => void) | undefined;
}

/** What a program printed, without the last line break. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; rejects with execa's own error when it cannot start or fails. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { environment, set, cwd, timeout, detail } = options;
  const child = execa(file, args, {
    all: true,
    stdin: "ignore",
    env: { ...environment, ...set },
    extendEnv: environment === undefined,
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeout === undefined ? {} : { timeout }),
  });
  const [{ stdout, stderr }] = await Promise.all([child, detail === undefined ? undefined : follow(child, detail)]);
  return { stdout, stderr };
}

async function follow(child: { iterable(options: { from: "all" }): AsyncIterable<unknown> }, detail: (line: string) => void) {
  for await (const line of child.iterable({ from: "all" })) {
    if (typeof line === "string" && line.trim() !== "") detail(line.trim());
  }
}

/**
 * Runs what belongs to the system's administrator. Its folders are not on everybody's PATH, not even on root's
 * after a plain `su`, and the programs look there for one another.
 */
export async function runAsAdministrator(file: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  return run("/bin/sh", ["-c", 'PATH="$PATH:/usr/sbin:/sbin"; exec "$@"', "sh", file, ...args], options);
}

/** Why a program failed, in one line: the last words it printed, which is where programs put the reason. */
export function lastWords(error: unknown): string {
  if (!(error instanceof ExecaError)) return reasonOf(error);
  if (error.timedOut) return `no answer within ${String((error as { durationMs?: number }).durationMs ?? 0)} ms`;
  const stderr = typeof error.stderr === "string" ? error.stderr : "";
  const lines = stderr.split("\n").map((line) => line.trim());
  const words = lines.filter((line) => line !== "").slice(-3);
  return words.length > 0 ? words.join("; ") : error.originalMessage || error.shortMessage;
}
