import { Argument, type Command } from "commander";
import { command, finish, labFor, main } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { runTests } from "../tools/run-tests.js";

await main(
  command("test", "lint, types, unit, stacks and end-to-end tests against the real servers")
    .addArgument(new Argument("[only]", "unit: what needs nothing but Node").choices(["unit"]))
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (only: string | undefined, _options, declared: Command) => {
      const { passed, failed } = await runTests(labFor(declared), only);
      print(`\n${String(passed)} passed, ${String(failed)} failed`);
      finish(failed === 0 ? 0 : 1);
    }),
);
