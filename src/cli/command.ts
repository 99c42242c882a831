/** Commands of both faces, `npm run <task>` and `ssh-trust <verb>`: one way to be declared, to help and to refuse. */
import { Command, Help } from "commander";
import { fail } from "../errors.js";
import { openLab, type Lab } from "../lab/lab.js";
import { tasks, type TaskName, perform } from "../lab/tasks.js";
import { readSettings } from "../settings.js";
import { terminalProgress } from "./report.js";

/** The options that every command has. */
export interface CommonOptions {
  readonly install?: boolean;
  readonly debug?: boolean;
  readonly adopt?: boolean;
}

/**
 * An npm task: `npm run <name>`. Give it arguments and an action.
 * @param examples what follows `npm run <name> --`, for the help
 */
export function command(name: string, summary: string, examples: readonly string[] = []): Command {
  const lines = examples.length === 0 ? [`npm run ${name}`] : examples.map((example) => `npm run ${name} -- ${example}`);
  return declare(`npm run ${name} --`, summary, lines).option("--debug", "show the stack trace of an error");
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
  return group(
    `npm run ${task} --`,
    summary,
    verbs,
    examples.map((example) => `npm run ${task} -- ${example}`),
  ).option("--debug", "show the stack trace of an error");
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

/** As a person calls it, `ssh-trust offline-ca init`. */
function spoken(declared: Command): string {
  const parent = declared.parent;
  return parent === null ? declared.name() : `${spoken(parent)} ${declared.name()}`;
}

const helpOf = (declared: Command) => `${spoken(declared)} --help`;

function declare(name: string, summary: string, examples: readonly string[]): Command {
  const declared = new Command(name);
  return declared
    .description(summary)
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: true, formatHelp: (asked, help) => helpText(asked, help, examples) })
    .exitOverride((error) => {
      if (error.exitCode === 0) throw error; // --help, --version: printed already
      throw fail("USAGE", { what: error.message.replace(/^error: /, ""), help: helpOf(declared) }, error);
    });
}

/** Usage, summary, examples; then arguments, verbs and options. The examples come first: they are what people read. */
function helpText(asked: Command, help: Help, examples: readonly string[]): string {
  const row = (term: string, text: string) => `  ${term.padEnd(28)}${text}`;
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ["", `${title}:`, ...lines]);
  const options = [...help.visibleOptions(asked), ...help.visibleGlobalOptions(asked)];
  return [
    `Usage: ${help.commandUsage(asked)}`,
    "",
    asked.description(),
    ...section(
      "Examples",
      examples.map((example) => `  ${example}`),
    ),
    ...section(
      "Arguments",
      help.visibleArguments(asked).map((each) => row(help.argumentTerm(each), help.argumentDescription(each))),
    ),
    ...section(
      "Verbs",
      help.visibleCommands(asked).map((each) => row(each.name(), each.description())),
    ),
    ...section(
      "Options",
      options.map((each) => row(help.optionTerm(each), help.optionDescription(each))),
    ),
    "",
  ].join("\n");
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
