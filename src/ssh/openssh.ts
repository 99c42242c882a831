import { execa } from "execa";
import { fail, type SshTrustError } from "../errors/catalogue.js";

/** What one of OpenSSH's programs printed; it may have failed. */
export interface ProgramResult {
  readonly failed: boolean;
  /** Both without the last line break. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it failed, in one line; "" where it did not. */
  readonly reason: string;
}

/** What a program is given beside its arguments. */
export interface ProgramInput {
  readonly input: string;
  /** In addition to our own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A whole environment, in place of our own. */
export interface Surroundings {
  readonly surroundings: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs one of them to its end, such as ssh-keygen or ssh-keyscan. It gets no input but what is given here, so it asks nothing.
 * @param seconds after this long it is stopped, and counts as failed
 * @throws TOOL_MISSING
 */
export async function runOpenSsh(
  program: string,
  args: readonly string[],
  seconds: number,
  given?: ProgramInput | Surroundings,
): Promise<ProgramResult> {
  const options = optionsFor(given);
  const result = await execa(program, args, { ...options, timeout: seconds * 1000, reject: false });
  const { failed, stdout, stderr } = result;
  if (!failed) return { failed, stdout, stderr, reason: "" };
  if (result.code === "ENOENT") throw missing(program, result);
  if (result.timedOut) return { failed, stdout, stderr, reason: `${program} did not end within ${String(seconds)} s` };
  // programs put the reason last
  const lastLine = stderr.split("\n").findLast((line) => line.trim() !== "");
  return { failed, stdout, stderr, reason: lastLine?.trim() ?? result.shortMessage ?? `${program} failed` };
}

/** @returns TOOL_MISSING, for one of OpenSSH's programs */
export function missing(program: string, cause?: unknown): SshTrustError {
  const how = { say: "install OpenSSH's client programs", run: "sudo apt-get install openssh-client" };
  return fail("TOOL_MISSING", { tool: program, why: "it is part of OpenSSH", how }, cause);
}

function optionsFor(given: ProgramInput | Surroundings | undefined) {
  if (given === undefined) return { stdin: "ignore" } as const;
  return "input" in given ? given : ({ stdin: "ignore", env: { ...given.surroundings }, extendEnv: false } as const);
}
