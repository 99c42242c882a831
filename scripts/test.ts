import { Option, type Command } from "commander";
import { command, finish, labFor, main } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { signalOf } from "../src/terminal/main.js";
import { runTests, stageNames, type StageName } from "../tools/run-tests.js";

interface Options {
  readonly only?: StageName;
}

await main(
  command("test", "lint, types, and all tests, those against the real servers included", ["--install", "--only unit"])
    .addOption(new Option("--only <stage>", "one stage, with what it needs").choices(stageNames))
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async ({ only }: Options, declared: Command) => {
      const { passed, failed } = await runTests(labFor(declared), only, signalOf(declared));
      print(`\n${String(passed)} passed, ${String(failed)} failed`);
      finish(failed === 0 ? 0 : 1);
    }),
  { grace: 60_000 },
);
