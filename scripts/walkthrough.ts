import { Option, type Command } from "commander";
import { writeFile } from "node:fs/promises";
import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { print, talk } from "../src/terminal/report.js";
import { listChapters, nextSteps, onTerminal, showClaims } from "../lab/face/show-walkthrough.js";
import { checkWritable } from "../src/ground/atomic-file.js";
import { fail } from "../lab/errors/catalogue.js";
import { renderReport } from "../lab/report/page.js";
import { wasSeen } from "../lab/runner/chapter.js";
import { partNames, storyOf, type PartName } from "../lab/chapters/index.js";
import { defaultLab, namesOf } from "../lab/names.js";
import { chaptersAsked, walk } from "../lab/runner/walkthrough.js";

interface Options extends CommonOptions {
  list?: boolean;
  part: PartName;
  chapter?: string;
  all?: boolean;
  yes?: boolean;
  report?: string;
}

await main(
  command("walkthrough", "the tutorial, run for real: from trust on first use to certificates for hosts and users", [
    "--list",
    "--chapter 5",
    "--part lab",
    "--chapter 9-12 --yes",
    "--all --yes --report run.html",
  ])
    .option("--list", "only list the chapters")
    .addOption(new Option("--part <part>", "this part of it").choices(partNames).default("tutorial" satisfies PartName))
    .addOption(new Option("--all", "all parts").conflicts(["part", "chapter"]))
    .addOption(
      new Option("--chapter <numbers>", "only these chapters, with what they need: 5, or 9-12, or 3,9-11").conflicts("part"),
    )
    .option("--yes", "no pauses between chapters")
    .option("--report <file>", "write the run as one HTML page")
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (options: Options, declared: Command) => {
      if (options.list === true) {
        print(listChapters(storyOf(namesOf(defaultLab))));
        return;
      }
      const only = chaptersAsked(options);
      if (options.report !== undefined) await checkWritable(options.report);
      const lab = labFor(declared);
      const pause = options.yes !== true && !lab.settings.unattended && process.stdin.isTTY && process.stdout.isTTY;
      const run = await walk(lab, { only, audience: onTerminal(pause) });
      print(showClaims(run));
      if (options.report !== undefined) {
        const file = options.report;
        await writeFile(file, renderReport(run, lab.names));
        talk(`\nthe report: ${file}`);
      }
      const failed = run.chapters.flatMap(({ steps }) => steps).filter((step) => !wasSeen(step)).length;
      if (failed === 0) talk(nextSteps(run, lab.names));
      else throw fail("CLAIM_FAILED", { count: failed === 1 ? "one step" : `${String(failed)} steps` });
    }),
);
