/** npm tasks as commands: `npm run <task> -- …`. */
import type { Command } from "commander";
import { declare, group, withDebug } from "../../src/terminal/command.js";
import { task as typedTask } from "../errors/task.js";

/**
 * An npm task: `npm run <name>`. Give it arguments and an action.
 * @param examples what follows `npm run <name> --`, for the help
 */
export function command(name: string, summary: string, examples: readonly string[] = [""]): Command {
  return withDebug(declare(`npm run ${name} --`, summary, callsOf(name, examples)));
}

/**
 * A verb of an npm task, `npm run <task> -- <name>`. Give it arguments and an action.
 * @param examples what follows, for the help
 */
export function taskVerb(task: string, name: string, summary: string, examples: readonly string[]): Command {
  return declare(
    name,
    summary,
    callsOf(
      task,
      examples.map((example) => `${name} ${example}`.trim()),
    ),
  );
}

/** An npm task that only leads to verbs. */
export function taskGroup(task: string, summary: string, verbs: readonly Command[], examples: readonly string[]): Command {
  return withDebug(group(`npm run ${task} --`, summary, verbs, callsOf(task, examples)));
}

const callsOf = (task: string, examples: readonly string[]) => examples.map((example) => typedTask(task, example));
