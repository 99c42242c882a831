/** Where every command starts and the only place where one ends. */
import { getEventListeners } from "node:events";
import { closeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { isatty } from "node:tty";
import { CommanderError, type Command } from "commander";
import { fail, isFailure, reasonOf, type SshTrustError } from "../errors/catalogue.js";
import type { Face } from "./face.js";
import { allOut, printError, isAwaited } from "./report.js";
import { columnsOf, wrap } from "./wrap.js";

/** The exit status of a program that ran in this one's place. */
export function finishAs(status: number): void {
  process.exitCode = status;
}

/** Sets the exit status of a command that ends without an error; that of a signal stays. */
export function finish(status: 0 | 1 | 2): void {
  process.exitCode ??= status;
}

/** A closed terminal, too, is an interruption. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export interface MainOptions {
  /** Called first; what it throws is the command's error. */
  readonly before?: () => void;
  /** How long a command that listens to its signal has to come to an end, in milliseconds. */
  readonly grace?: number;
  /** What follows the program's name; the process's own arguments where it is left out. */
  readonly args?: readonly string[];
}

const signalsOf = new WeakMap<Command, AbortSignal>();
const wordsOf = new WeakMap<Command, string>();

/** What is said at a signal from now on: for a command that changes more than files. One line. */
export function sayIfInterrupted(command: Command, words: string): void {
  wordsOf.set(rootOf(command), words);
}

type TakeSignal = (signal: NodeJS.Signals) => void;
const takersOf = new WeakMap<Command, TakeSignal>();

/**
 * From now on a program has the terminal: what a person or a program sends this process is its own to answer, and ends
 * nothing here.
 * @returns what is to be called when it has ended
 */
export function handSignalsTo(command: Command, take: TakeSignal): () => void {
  const root = rootOf(command);
  const quit = () => {
    take("SIGQUIT");
  };
  takersOf.set(root, take);
  process.on("SIGQUIT", quit);
  return () => {
    takersOf.delete(root);
    process.off("SIGQUIT", quit);
  };
}

const errorStatusOf = new WeakMap<Command, number>();

/** The status of all errors from now on: for a command that stands in the place of another, whose readers know that one's. */
export function endErrorsWith(command: Command, status: number): void {
  errorStatusOf.set(rootOf(command), status);
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

/** The signal that SIGINT and SIGTERM abort, for a command's action. Whoever listens to it is waited for. */
export function signalOf(command: Command): AbortSignal {
  for (let each: Command | null = command; each !== null; each = each.parent) {
    const signal = signalsOf.get(each);
    if (signal !== undefined) return signal;
  }
  return new AbortController().signal; // a command that was not started here is never interrupted
}

/**
 * Runs a command with the process's arguments; sets the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143
 * terminated, 129 where the terminal was closed.
 */
export async function main(
  program: Command,
  face: Face,
  { before, grace = 10_000, args = process.argv.slice(2) }: MainOptions = {},
): Promise<void> {
  const lost = lostTerminals();
  const leave = (status?: number) => {
    // Node sets a terminal back when it ends, and where the terminal was closed, it aborts: with another exit status, and with a
    // core file, which may hold a password. It leaves alone what is closed.
    for (const each of lost()) closeSync(each);
    process.exit(status ?? process.exitCode ?? 0);
  };
  const controller = new AbortController();
  signalsOf.set(program, controller.signal);
  const words = () => wordsOf.get(program) ?? "no file is half-written, and the same command can be run again";
  for (const [name, status] of Object.entries(signals)) {
    const interrupted = interruptedBy({ controller, grace, words, status, leave });
    process.on(name, (signal: NodeJS.Signals) => {
      (takersOf.get(program) ?? interrupted)(signal);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough, as in `ssh-trust … | head`, is no error; nor does it make a success of one. EIO: the
      // terminal was closed, of which SIGHUP tells.
      if (error.code !== "EPIPE" && error.code !== "EIO" && !isAwaited()) leave(1);
    });
  }
  try {
    before?.();
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help, printed already
    await allOut(); // what the command still had to say comes first
    // What was asked there failed first; SIGHUP is on its way, and ends this process.
    if (lost().length > 0) await setTimeout(1000);
    if (!controller.signal.aborted) {
      const shown = asFailure(error);
      await printError(shown, face, program.opts<{ debug?: boolean }>().debug === true);
      process.exitCode = errorStatusOf.get(program) ?? shown.exit;
    }
  }
  await allOut();
  leave();
}

/** What of standard input, output and error is a terminal now, and which of them was closed when it is called. */
function lostTerminals(): () => readonly number[] {
  const terminals = [0, 1, 2].filter((each) => isatty(each));
  return () => terminals.filter((each) => !isatty(each));
}

interface Interruption {
  readonly controller: AbortController;
  readonly grace: number;
  readonly words: () => string;
  readonly status: number;
  readonly leave: (status: number) => void;
}

/**
 * At the first signal, what listens has time to come to an end; where nothing listens, there is nothing to wait for. The
 * second one ends it at once.
 */
function interruptedBy({ controller, grace, words, status, leave }: Interruption): () => void {
  const end = () => {
    leave(status);
  };
  return () => {
    if (controller.signal.aborted) {
      end();
      return;
    }
    process.stderr.write(`\n${wrap(`ssh-trust: interrupted; ${words()}`, columnsOf(process.stderr), "  ")}\n`);
    process.exitCode = status;
    const listeners = getEventListeners(controller.signal, "abort").length;
    controller.abort(new Error("interrupted"));
    if (listeners === 0) end();
    else globalThis.setTimeout(end, grace).unref();
  };
}

/** A file or folder that cannot be written is the person's to mend; any other unknown error is ours. */
function asFailure(error: unknown): SshTrustError {
  if (isFailure(error)) return error;
  const { syscall, path, code } = error as NodeJS.ErrnoException;
  // A program that is missing and a socket that nobody answers have a path too.
  const ofFile = path !== undefined && syscall !== undefined && !/^(spawn|connect)/.test(syscall);
  if (ofFile) return fail("FILE_NOT_WRITTEN", { file: path, reason: reasonOf(error) }, error);
  if (code === "ENOSPC" || code === "EDQUOT") return fail("FILE_NOT_WRITTEN", { file: "a file", reason: reasonOf(error) }, error);
  return fail("INTERNAL", { what: reasonOf(error) }, error);
}
