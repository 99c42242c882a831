/** Where every command starts and the only place where one ends. */
import { Command, CommanderError } from "commander";
import { fail, isFailure, reasonOf, type SshTrustError } from "../errors.js";
import { openLab, type Lab } from "../lab/lab.js";
import { perform, tasks, type TaskName } from "../lab/tasks.js";
import { readSettings } from "../settings.js";
import { printError, terminalProgress } from "./report.js";

/** The options that every command has. */
export interface CommonOptions {
  readonly install?: boolean;
  readonly debug?: boolean;
  readonly adopt?: boolean;
}

/**
 * A command with `--debug` and this project's way of refusing wrong usage; give it arguments and an action.
 * @param examples what follows `npm run <name> --`, for the help
 */
export function command(name: string, summary: string, examples: readonly string[] = []): Command {
  const lines = examples.length === 0 ? [`  npm run ${name}`] : examples.map((example) => `  npm run ${name} -- ${example}`);
  return new Command(`npm run ${name} --`)
    .description(summary)
    .addHelpText("after", `\nExamples:\n${lines.join("\n")}`)
    .option("--debug", "show the stack trace of an error")
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => undefined });
}

/** Opens the lab for a command's action. */
export function labFor(options: CommonOptions): Lab {
  return openLab(
    readSettings(undefined, { install: options.install === true ? true : undefined }),
    terminalProgress(),
    options.adopt,
  );
}

/** The script of a task that takes no arguments of its own. */
export function taskCommand(name: TaskName): Command {
  const task = command(name, tasks[name].summary).option(
    "--install",
    "install what is missing on this machine (Debian or Ubuntu, as root)",
  );
  if (name.startsWith("terraform-apply"))
    task.option("--adopt", "take over a mount or role that somebody else made on the server of VAULT_ADDR");
  return task.action(async (options: CommonOptions) => {
    await perform(labFor(options), name);
  });
}

/** Sets the exit status of a command that ends without an error. */
export function finish(status: 0 | 1): void {
  process.exitCode = status;
}

/** Runs a command with the process's arguments; sets the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function main(program: Command): Promise<void> {
  process.once("SIGINT", () => {
    process.stderr.write("\nssh-trust: interrupted; nothing is half-written, run the same command again\n");
    process.exit(130);
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help, printed already
    const shown = error instanceof CommanderError ? usage(program, error) : asFailure(error);
    printError(shown, program.opts<CommonOptions>().debug === true);
    process.exitCode = shown.exit;
  }
  process.exit();
}

function usage(program: Command, error: CommanderError) {
  const what = error.message.replace(/^error: /, "");
  return fail("USAGE", { what, help: `${program.name()} --help` }, error);
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
