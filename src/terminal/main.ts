/** Where every command starts and the only place where one ends. */
import { CommanderError, type Command } from "commander";
import { fail, isFailure, reasonOf, type SshTrustError } from "../errors/catalogue.js";
import { keptByNpm } from "../settings.js";
import { allOut, printError } from "./report.js";
import { callOf } from "./usage-error.js";

/** Sets the exit status of a command that ends without an error. */
export function finish(status: 0 | 1): void {
  process.exitCode = status;
}

/** Runs a command with the process's arguments; sets the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function main(program: Command): Promise<void> {
  process.once("SIGINT", () => {
    process.stderr.write("\nssh-trust: interrupted; no file is half-written, and the same command can be run again\n");
    process.exit(130);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough, as in `ssh-trust … | head`, is no error; nor does it make a success of one.
      if (error.code !== "EPIPE") process.exit(1);
    });
  }
  try {
    refuseLostOptions(program);
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help, printed already
    await allOut(); // what the command still had to say comes first
    const shown = asFailure(error);
    printError(shown, program.opts<{ debug?: boolean }>().debug === true);
    process.exitCode = shown.exit;
  }
  await allOut();
  process.exit();
}

/** Options that never arrive would change what a command does: without `--signed`, a machine is launched unsigned. */
function refuseLostOptions(program: Command): void {
  const call = callOf(program);
  if (!call.startsWith("npm run ")) return;
  const known = [program, ...program.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  const kept = keptByNpm(known).join(" ");
  if (kept !== "") throw fail("OPTION_KEPT_BY_NPM", { options: kept, call });
}

/** A file or folder that cannot be written is the person's to mend; any other unknown error is ours. */
function asFailure(error: unknown): SshTrustError {
  if (isFailure(error)) return error;
  const { syscall, path } = error as NodeJS.ErrnoException;
  // A program that is missing and a socket that nobody answers have a path too.
  const ofFile = path !== undefined && syscall !== undefined && !/^(spawn|connect)/.test(syscall);
  if (ofFile) return fail("FILE_NOT_WRITTEN", { file: path, reason: reasonOf(error) }, error);
  return fail("INTERNAL", { what: reasonOf(error) }, error);
}
