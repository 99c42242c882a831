import type { Command } from "commander";
import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { talk } from "../src/terminal/report.js";
import { prepare } from "../lab/prepare.js";

await main(
  command("prepare", "find or fetch the toolchain, make Alice's and Bob's keys, build the images", ["--install"])
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (_options: CommonOptions, declared: Command) => {
      const lab = labFor(declared);
      await prepare(lab);
      talk(`next: ${lab.names.task("walkthrough")}`);
    }),
);
