import type { Command } from "commander";
import { addHost } from "../../../host/add.js";
import { verb } from "../../../terminal/command.js";
import { handOver, notEnrolled } from "./hand-over.js";
import { askedHosts } from "./names.js";
import { readBounds, refuseReportBesideFile, withHandOver, type HandOverOptions } from "./options.js";
import { targetsFor } from "./targets.js";

interface Options extends HandOverOptions {
  readonly many?: string;
}

const declared = verb("host add", [
  "web-1.example.org --out user-data",
  "web-1.example.org --out user-data --cidr 10.1.0.0/16",
  "web-1.example.org --format shell --out enrol.sh",
  "--many names.txt --out identities --valid 24h --report json",
]).argument("[name...]", "whole names, such as web-1.example.org; the fleet says which group has them");

export const add = withHandOver(declared)
  .option("--many <file>", "a file with a name a line, instead of names")
  .action(async (names: readonly string[], options: Options, command: Command) => {
    refuseReportBesideFile("add", options);
    const bounds = readBounds("add", options);
    const asked = await askedHosts("add", names, options.many);
    const all = asked.hosts.map(({ name }) => name);
    const targets = await targetsFor("add", all, options, options.many !== undefined || all.length > 1);
    await handOver(command, { verb: "add", asked, targets, bounds, options, give: addHost, problemOf: notEnrolled });
  });
