import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { clean } from "../lab/clean.js";

await main(
  command("clean", "remove the containers, networks, images and files that the project made", ["--all"])
    .option("--all", "also the downloads")
    .action(async (options: CommonOptions & { all?: boolean }) => {
      await clean(labFor(options), options.all === true);
    }),
);
