import type { Command } from "commander";
import { addHost } from "../../../host/add.js";
import { verb } from "../../../terminal/command.js";
import { handOver, notEnrolled } from "./hand-over.js";
import { askedHosts } from "./names.js";
import { withYes } from "../../ask-first.js";
import { addUncertified, type UncertifiedOptions } from "./add-uncertified.js";
import { readBounds, refuseReportBesideFile, requireFile, usage, withHandOver, type HandOverOptions } from "./options.js";
import { targetsFor } from "./targets.js";

interface Options extends Omit<HandOverOptions, "out">, UncertifiedOptions {
  readonly out?: string;
  readonly many?: string;
}

const declared = verb("host add", [
  "web-1.example.org --out user-data",
  "web-1.example.org --out user-data --cidr 10.1.0.0/16",
  "web-1.example.org --format shell --out enrol.sh",
  "--many names.txt --out identities --valid 24h --report json",
  "--uncertified old-1.example.org --keys old-1.pub",
]).argument("[name...]", "full names, such as web-1.example.org; the fleet says which group has them");

const enrolling = withHandOver(declared, false)
  .option("--many <file>", "a file with one name per line, instead of names")
  .option("--uncertified", "a host that cannot have certificates: only its public keys are stored, for the directory to show")
  .option("--keys <file>", "with --uncertified: its public keys, as in /etc/ssh/ssh_host_*_key.pub; - is standard input");

export const add = withYes(enrolling, "with --uncertified: replace keys without asking").action(
  async (names: readonly string[], given: Options, command: Command) => {
    if (given.uncertified === true) {
      await addUncertified(names, given, command);
      return;
    }
    if (given.keys !== undefined) throw usage("add", "--keys is for hosts that cannot be enrolled: give --uncertified as well");
    const options = requireFile("add", given);
    refuseReportBesideFile("add", options);
    const bounds = readBounds("add", options);
    const asked = await askedHosts("add", names, options.many);
    const all = asked.hosts.map(({ name }) => name);
    const targets = await targetsFor("add", all, options, options.many !== undefined || all.length > 1);
    await handOver(command, { verb: "add", asked, targets, bounds, options, give: addHost, problemOf: notEnrolled });
  },
);
