import { execa } from "execa";
import { fail } from "../errors.js";

/** What one of OpenSSH's programs printed; it may have failed. */
export interface ProgramResult {
  readonly failed: boolean;
  /** Without the last line break. */
  readonly stdout: string;
  /** Why it failed, in one line; "" where it did not. */
  readonly reason: string;
}

/**
 * Runs ssh-keygen or ssh-keyscan to its end. It gets no input, so it asks nothing.
 * @param seconds after this long it is stopped, and counts as failed
 * @throws TOOL_MISSING
 */
export async function runOpenSsh(program: string, args: readonly string[], seconds: number): Promise<ProgramResult> {
  const result = await execa(program, args, { stdin: "ignore", timeout: seconds * 1000, reject: false });
  const { failed, stdout, stderr } = result;
  if (!failed) return { failed, stdout, reason: "" };
  if (result.code === "ENOENT") {
    const how = "install OpenSSH's client programs: sudo apt-get install openssh-client";
    throw fail("TOOL_MISSING", { tool: program, why: "it is part of OpenSSH", how }, result);
  }
  if (result.timedOut) return { failed, stdout, reason: `${program} did not end within ${String(seconds)} s` };
  // programs put the reason last
  const lastLine = stderr.split("\n").findLast((line) => line.trim() !== "");
  return { failed, stdout, reason: lastLine?.trim() ?? result.shortMessage ?? `${program} failed` };
}
