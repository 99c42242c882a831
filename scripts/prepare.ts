import type { Command } from "commander";
import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { talk, terminalProgress } from "../src/terminal/report.js";
import { build } from "../tools/build.js";
import { prepare } from "../lab/prepare.js";
import { isPacking } from "../lab/settings/npm.js";

await main(
  command("prepare", "find or fetch the toolchain, make Alice's and Bob's keys, build the images", ["--install"])
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (_options: CommonOptions, declared: Command) => {
      if (isPacking()) await build(terminalProgress());
      else {
        const lab = labFor(declared);
        await prepare(lab);
        talk(`next: ${lab.names.task("walkthrough")}`);
      }
    }),
);
