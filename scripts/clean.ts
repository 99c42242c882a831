import type { Command } from "commander";
import { clean } from "../lab/clean.js";
import { command, labFor, main } from "../lab/face/task.js";

await main(
  command("clean", "remove the containers, networks, images and files that this lab made", ["", "--all"])
    .option("--all", "also the downloads")
    .action(async (options: { all?: boolean }, declared: Command) => {
      await clean(labFor(declared), options.all === true);
    }),
);
