import type { Command } from "commander";
import { reissueHost } from "../../../host/add.js";
import { verb } from "../../../terminal/command.js";
import { handOver, onlyEnrolled } from "./hand-over.js";
import { askedHosts } from "./names.js";
import { readBounds, refuseReportBesideFile, withHandOver, type HandOverOptions } from "./options.js";
import { targetsFor } from "./targets.js";

const declared = verb("host reissue", ["web-1.example.org --out user-data"]).argument("<name>", "the host's whole name");

export const reissue = withHandOver(declared).action(async (name: string, options: HandOverOptions, command: Command) => {
  refuseReportBesideFile("reissue", options);
  const bounds = readBounds("reissue", options);
  const asked = await askedHosts("reissue", [name], undefined);
  const targets = await targetsFor("reissue", [name], options, false);
  await handOver(command, { verb: "reissue", asked, targets, bounds, options, give: reissueHost, problemOf: onlyEnrolled });
});
