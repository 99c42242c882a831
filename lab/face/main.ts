/** How every npm task starts and ends. */
import type { Command } from "commander";
import { main as mainOf, type MainOptions } from "../../src/terminal/main.js";
import { callOf } from "../../src/terminal/usage-error.js";
import { fail } from "../errors/catalogue.js";
import { keptByNpm } from "../settings/npm.js";
import { hintFor } from "./hints.js";
import { askedLab } from "../settings/lab.js";

/** Runs a task with the process's arguments; sets the exit status. */
export const main = (program: Command, options: Pick<MainOptions, "grace"> = {}): Promise<void> =>
  mainOf(
    program,
    { program: "npx ssh-trust", hintFor: (error) => hintFor(error, askedLab()) },
    {
      ...options,
      before: () => {
        refuseLostOptions(program);
      },
    },
  );

/** Options that never arrive would change what a command does: without `--signed`, a machine is launched unsigned. */
function refuseLostOptions(program: Command): void {
  const known = [program, ...program.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  const kept = keptByNpm(known).join(" ");
  if (kept !== "") throw fail("OPTION_KEPT_BY_NPM", { options: kept, call: callOf(program) });
}
