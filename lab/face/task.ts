/** What the scripts of the npm tasks are made from: the declaring, the lab, the start and the end. */
import type { Command } from "commander";
import { openLab, type Lab } from "../lab.js";
import { tasks, type TaskName, perform } from "../tasks.js";
import { readSettings } from "../../src/settings.js";
import { command } from "../../src/terminal/command.js";
import { terminalProgress } from "../../src/terminal/report.js";

export { command, taskGroup, taskVerb } from "../../src/terminal/command.js";
export { finish, main } from "../../src/terminal/main.js";

/** The options that tasks share. */
export interface CommonOptions {
  readonly install?: boolean;
  readonly debug?: boolean;
  readonly adopt?: boolean;
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
