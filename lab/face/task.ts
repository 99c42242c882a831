/** What the scripts of the npm tasks are made from: the declaring, the lab, the start and the end. */
import type { Command } from "commander";
import { openLab, type Lab } from "../lab.js";
import { tasks, type TaskName, perform } from "../tasks.js";
import { readLabSettings } from "../settings/lab.js";
import { command } from "./command.js";
import { signalOf } from "../../src/terminal/main.js";
import { progressOf } from "../../src/terminal/progress-of.js";

export { finish } from "../../src/terminal/main.js";
export { command, taskGroup, taskVerb } from "./command.js";
export { main } from "./main.js";

/** The options that tasks share. */
export interface CommonOptions {
  readonly install?: boolean;
  readonly debug?: boolean;
  readonly adopt?: boolean;
}

/** Opens the lab for a command's action. */
export function labFor(command: Command): Lab {
  const { install, adopt } = command.optsWithGlobals<CommonOptions>();
  const settings = readLabSettings(undefined, { install: install === true ? true : undefined });
  return openLab(settings, progressOf(command), { adopt, signal: signalOf(command) });
}

/** The script of a task that takes no arguments of its own. */
export function taskCommand(name: TaskName): Command {
  const task = command(name, tasks[name].summary).option(
    "--install",
    "install what is missing on this machine (Debian or Ubuntu, as root)",
  );
  if (name.startsWith("terraform-apply") || name === "apply-fleet")
    task.option("--adopt", "take over what somebody else made on the server of VAULT_ADDR: mounts, roles, policies");
  return task.action(async (_options: CommonOptions, declared: Command) => {
    await perform(labFor(declared), name);
  });
}
