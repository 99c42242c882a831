/** Commands of both faces, `npm run <task>` and `ssh-trust <verb>`: one way to be declared, to help and to refuse. */
import { Command } from "commander";
import { fail } from "../errors/catalogue.js";
import { helpText } from "./help.js";
import { asTyped, programName } from "../cli/program-name.js";
import { callOf, describeUsageError, spoken } from "./usage-error.js";
import { columnsOf } from "./wrap.js";

/**
 * An npm task: `npm run <name>`. Give it arguments and an action.
 * @param examples what follows `npm run <name> --`, for the help
 */
export function command(name: string, summary: string, examples: readonly string[] = []): Command {
  const lines = examples.length === 0 ? [`npm run ${name}`] : examples.map((example) => `npm run ${name} -- ${example}`);
  return withDebug(declare(`npm run ${name} --`, summary, lines));
}

/**
 * A verb of the `ssh-trust` command. Give it arguments and an action.
 * @param path the words that lead to it, such as "offline-ca init"
 * @param examples what follows `ssh-trust <path>`, for the help
 */
export function verb(path: string, summary: string, examples: readonly string[]): Command {
  const name = path.split(" ").at(-1) ?? path;
  return declare(
    name,
    summary,
    examples.map((example) => `ssh-trust ${path} ${example}`.trim()),
  );
}

/**
 * A verb of an npm task, `npm run <task> -- <name>`. Give it arguments and an action.
 * @param examples what follows, for the help
 */
export function taskVerb(task: string, name: string, summary: string, examples: readonly string[]): Command {
  return declare(
    name,
    summary,
    examples.map((example) => `npm run ${task} -- ${name} ${example}`.trim()),
  );
}

/** An npm task that only leads to verbs. */
export function taskGroup(task: string, summary: string, verbs: readonly Command[], examples: readonly string[]): Command {
  const lines = examples.map((example) => `npm run ${task} -- ${example}`);
  return withDebug(group(`npm run ${task} --`, summary, verbs, lines));
}

/** The `ssh-trust` command itself. */
export function program(summary: string, verbs: readonly Command[], examples: readonly string[], version: string): Command {
  return withDebug(group(programName, summary, verbs, examples).version(version));
}

/** A word that only leads to other verbs. */
export function group(name: string, summary: string, verbs: readonly Command[], examples: readonly string[]): Command {
  const parent = declare(name, summary, examples).usage("[options] <verb>").allowExcessArguments();
  for (const each of verbs) parent.addCommand(each);
  // Without an action, commander prints the whole help as an error.
  return parent.action(() => {
    const known = verbs.map((each) => each.name()).join(", ");
    const [asked] = parent.args;
    const what = asked === undefined ? `${spoken(parent)} needs a verb` : `there is no verb "${asked}" of ${spoken(parent)}`;
    throw fail("USAGE", { what: `${what} (there are: ${known})`, help: helpOf(parent) });
  });
}

const withDebug = (declared: Command): Command => declared.option("--debug", "show the stack trace of an error");

const helpOf = (declared: Command) => `${callOf(declared)} --help`;

function declare(name: string, summary: string, examples: readonly string[]): Command {
  const declared = new Command(name);
  return declared
    .description(summary)
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined, getOutHelpWidth: () => columnsOf(process.stdout) ?? 80 })
    .configureHelp({
      showGlobalOptions: true,
      formatHelp: (asked, help) => helpText(asked, help, examples.map(asTyped)),
    })
    .exitOverride((error) => {
      if (error.exitCode === 0) throw error; // --help, --version: printed already
      throw fail("USAGE", { what: describeUsageError(error, declared), help: helpOf(declared) }, error);
    });
}
