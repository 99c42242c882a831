/** Commands: one way to be declared, to help and to refuse. */
import { Command } from "commander";
import { fail } from "../errors/catalogue.js";
import { programName } from "../settings/program.js";
import { helpText } from "./help.js";
import { callOf, describeUnknownVerb, describeUsageError } from "./usage-error.js";
import { columnsOf } from "./wrap.js";

/**
 * A verb of the `ssh-trust` command. Give it arguments and an action; its summary is in the table of verbs.
 * @param path the words that lead to it, such as "offline-ca init"
 * @param examples what follows `ssh-trust <path>`, for the help
 */
export const verb = (path: string, examples: readonly string[]): Command => declare(lastWord(path), "", callsOf(path, examples));

/** A verb that is not loaded: name and summary, for the help of the word that leads to it. */
export const listedVerb = (path: string, summary: string): Command => declare(lastWord(path), summary, []);

/** A word of the `ssh-trust` command that only leads to verbs. @param examples as of `verb` */
export function verbGroup(path: string, summary: string, verbs: readonly Command[], examples: readonly string[]): Command {
  return group(lastWord(path), summary, verbs, callsOf(path, examples));
}

/** The `ssh-trust` command itself. @param examples what follows its name */
export function program(summary: string, verbs: readonly Command[], examples: readonly string[], version: string): Command {
  return withDebug(group(programName(), summary, verbs, callsOf("", examples)).version(version));
}

const lastWord = (path: string) => path.split(" ").at(-1) ?? path;

const callsOf = (path: string, examples: readonly string[]) =>
  examples.map((example) => [programName(), path, example].filter((word) => word !== "").join(" "));

/** A word that only leads to other verbs. @param examples whole commands */
export function group(name: string, summary: string, verbs: readonly Command[], examples: readonly string[]): Command {
  const parent = declare(name, summary, examples).usage("[options] <verb>").allowExcessArguments();
  for (const each of verbs) parent.addCommand(each);
  // Without an action, commander prints the whole help as an error.
  return parent.action(() => {
    throw fail("USAGE", { what: describeUnknownVerb(parent), help: helpOf(parent) });
  });
}

export const withDebug = (declared: Command): Command =>
  declared.option("--debug", "print every step, and the stack trace of an error");

const helpOf = (declared: Command) => `${callOf(declared)} --help`;

/** @param examples whole commands */
export function declare(name: string, summary: string, examples: readonly string[]): Command {
  const declared = new Command(name);
  return declared
    .description(summary)
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined, getOutHelpWidth: () => columnsOf(process.stdout) ?? 80 })
    .configureHelp({
      showGlobalOptions: true,
      formatHelp: (asked, help) => helpText(asked, help, examples),
    })
    .exitOverride((error) => {
      if (error.exitCode === 0) throw error; // --help, --version: printed already
      throw fail("USAGE", { what: describeUsageError(error, declared), help: helpOf(declared) }, error);
    });
}
