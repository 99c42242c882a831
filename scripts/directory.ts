import type { Command } from "commander";
import { startDirectory, stopDirectory } from "../lab/directory/server.js";
import { labFor, main, taskGroup, taskVerb } from "../lab/face/task.js";
import { performNeeds } from "../lab/tasks.js";
import { bundle } from "../tools/package/bundle.js";

await main(
  taskGroup(
    "directory",
    "the directory of the lab's fleet: ssh-trust directory serve, in a container",
    [
      taskVerb("directory", "start", "start it, at the address of this machine that the fleet file names", [
        "--token-file .lab/directory/token",
      ])
        .requiredOption("--token-file <file>", "the token that it reads Vault with")
        .action(async ({ tokenFile }: { tokenFile: string }, command: Command) => {
          const lab = labFor(command);
          await performNeeds(lab, "directory start", ["apply-fleet"]);
          await startDirectory(lab, { tokenFile, bundle: (to) => bundle(lab.settings.root, to) });
        }),
      taskVerb("directory", "stop", "stop it", [""]).action((_options, command: Command) => stopDirectory(labFor(command))),
    ],
    ["start --token-file .lab/directory/token", "stop"],
  ),
);
