import { Option, type Command } from "commander";
import { labFor, main, taskGroup, taskVerb } from "../lab/face/task.js";
import { presentations, startEve, stopEve, type EveOptions } from "../lab/eve/stand-before.js";
import { performNeeds } from "../lab/tasks.js";

await main(
  taskGroup(
    "eve",
    "the attacker: she takes the place of one of the lab's own services, and of nothing else",
    [
      taskVerb("eve", "start", "let a service's address lead to Eve; she passes on to its machine what she can", [
        "www",
        "www --present stolen-certificate",
        "www --present other-host --machine mallory",
      ])
        .argument("<service>", "the name of an elastic address, as in: npm run cloud -- associate www web")
        .addOption(new Option("--present <what>", "what she shows as host").choices(presentations).default("own-key"))
        .option("--machine <name>", "for other-host: the machine of her own whose certificate she shows")
        .action(async (service: string, options: EveOptions, command: Command) => {
          const lab = labFor(command);
          await performNeeds(lab, "eve start", ["prepare"]);
          await startEve(lab, service, options);
        }),
      taskVerb("eve", "stop", "end her; the address leads to the machine again", [""]).action((_options, command: Command) =>
        stopEve(labFor(command)),
      ),
    ],
    ["start www", "stop"],
  ),
);
