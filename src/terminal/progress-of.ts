import type { Command } from "commander";
import type { Progress } from "../ground/progress.js";
import { terminalProgress } from "./report.js";

/** How a command shows its progress: every step in a line of its own where --debug was given. */
export const progressOf = (command: Command): Progress =>
  terminalProgress({ steps: command.optsWithGlobals<{ debug?: boolean }>().debug === true });
