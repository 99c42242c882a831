import type { Command } from "commander";
import { asJson } from "../src/terminal/json.js";
import { withFormat, type FormatOption } from "../src/terminal/options.js";
import { labFor, main, taskGroup, taskVerb, type CommonOptions } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { showCloud, showLaunch } from "../lab/face/show-cloud.js";
import { associate } from "../lab/cloud/elastic.js";
import { checkLaunch, launch, type LaunchOptions } from "../lab/cloud/launch.js";
import { readLaunchOptions } from "../lab/cloud/launch-options.js";
import { consoleLog, reboot, start, stop, terminate } from "../lab/cloud/life-cycle.js";
import { listCloud } from "../lab/cloud/list.js";
import type { Lab } from "../lab/lab.js";
import { performNeeds } from "../lab/tasks.js";

const verb = (name: string, summary: string, ...examples: string[]) => taskVerb("cloud", name, summary, examples);

/** A verb that does something to one machine, and says so itself. */
const onMachine = (name: string, summary: string, act: (lab: Lab, machine: string) => Promise<void>): Command =>
  verb(name, summary, "web")
    .argument("<name>", "the machine's name")
    .action((machine: string, _options, command: Command) => act(labFor(command), machine));

await main(
  taskGroup(
    "cloud",
    "the small cloud: machines that live as cloud VMs do, on a network of the lab's own",
    [
      verb(
        "launch",
        "launch a machine: new disk, new host keys, the laptop's key let in unless user-data says who is",
        "web",
        "blue --signed",
        "web-1 --user-data F",
      )
        .argument("<name>", "its name; the laptop reaches it as <name>.lab.test")
        .option("--signed", "have Vault sign its host keys at its first boot, for the names that the fleet file gives it", false)
        .option(
          "--adopt",
          "with --signed: take over what somebody else made on the server of VAULT_ADDR, a host of that name too",
        )
        .option("--publish", "publish its host keys to the object store at its first boot", false)
        .option(
          "--user-data <file>",
          "a machine with systemd and cloud-init, which is told this; it lets in whom that says, and nobody else",
        )
        .option("--disk-of <machine>", "a copy of another machine's disk, as it is")
        .option("--address <address>", "the address it shall have")
        .option("--password", "give its account a password too, and show it once", false)
        .action(async (name: string, given: LaunchOptions & CommonOptions, command: Command) => {
          const lab = labFor(command);
          const options = await readLaunchOptions(given);
          await checkLaunch(lab, name, options);
          await performNeeds(lab, "cloud launch", [
            "prepare",
            "start-laptop",
            ...(options.signed ? (["apply-fleet"] as const) : []),
            ...(options.publish ? (["start-object-store"] as const) : []),
          ]);
          print(showLaunch(lab.names, name, await launch(lab, name, options)));
        }),
      withFormat(
        verb("list", "list the machines and services: state, address, host keys, where a service leads", "", "--format json"),
      ).action(async ({ format }: FormatOption, command: Command) => {
        const lab = labFor(command);
        const found = await listCloud(lab);
        print(format === "json" ? asJson(found) : showCloud(lab.names, found));
      }),
      onMachine("reboot", "boot it again: the same disk, the same address", reboot),
      onMachine("stop", "end it; the disk stays, the address does not", stop),
      verb("start", "start a stopped machine: the same disk, another address", "web")
        .argument("<name>", "the machine's name")
        .option("--address <address>", "the address it shall have")
        .action((name: string, { address }: { address?: string }, command: Command) => start(labFor(command), name, address)),
      verb("terminate", "end machines for good: their disks and host keys go", "web", "web blue")
        .argument("<names...>", "the machines' names")
        .action(async (machines: string[], _options, command: Command) => {
          await terminate(labFor(command), machines);
        }),
      verb("console", "print what it wrote to its console: the fingerprints of its host keys are there", "web")
        .argument("<name>", "the machine's name")
        .action(async (name: string, _options, command: Command) => {
          print(await consoleLog(labFor(command), name));
        }),
      verb("associate", "let an elastic address lead to a machine; whoever had it loses it", "www blue")
        .argument("<elastic>", "the elastic address's name; the laptop reaches it as <name>.lab.test")
        .argument("<name>", "the machine's name")
        .action(async (elastic: string, name: string, _options, command: Command) => {
          await associate(labFor(command), elastic, name);
        }),
    ],
    ["launch web", "list", "terminate web"],
  ),
);
