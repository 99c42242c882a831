import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Option, type Command } from "commander";
import { writeFileAtomically, checkWritable } from "../src/ground/atomic-file.js";
import { asJson } from "../src/terminal/json.js";
import { print, talk } from "../src/terminal/report.js";
import { fail } from "../lab/errors/catalogue.js";
import { suitesOf } from "../lab/face/suites.js";
import { showMatrix } from "../lab/face/show-matrix.js";
import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { groupNames, type GroupName } from "../lab/matrix/case.js";
import { runMatrix } from "../lab/matrix/matrix.js";
import { drawMatrix } from "../lab/matrix/picture.js";
import { failuresOf, matrixToJson } from "../lab/matrix/sheet.js";
import { performNeeds } from "../lab/tasks.js";
import { debian, type Suite } from "../lab/toolchain/versions.js";

interface Options extends CommonOptions {
  readonly versions: readonly Suite[];
  readonly only?: GroupName;
  readonly format: "table" | "json";
  readonly picture?: string;
}

/** The `ssh-trust` command is compiled into the folder of this task. */
const compiled = dirname(fileURLToPath(import.meta.url));

await main(
  command(
    "matrix",
    "what each OpenSSH from 8.4 to the newest does, as client and as server, in containers of Debian's releases",
    ["", "--versions bookworm,trixie", "--only trace", "--format json", "--picture docs/matrix.svg"],
  )
    .addOption(
      new Option("--versions <suites>", `Debian's releases: ${Object.keys(debian.suites).join(", ")}`)
        .argParser(suitesOf)
        .default(suitesOf("all"), "all"),
    )
    .addOption(new Option("--only <group>", "one group of cases").choices(groupNames))
    .addOption(new Option("--format <format>", "how to print it").choices(["table", "json"]).default("table"))
    .option("--picture <file>", "draw it as an SVG too")
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async ({ versions, only, format, picture }: Options, declared: Command) => {
      if (picture !== undefined) await checkWritable(picture);
      const lab = labFor(declared);
      await performNeeds(lab, "matrix", ["generate-host-signing-key", "generate-user-signing-key"]);
      const matrix = await runMatrix(lab, { suites: versions, only, command: compiled });
      print(format === "json" ? asJson(matrixToJson(matrix)) : showMatrix(matrix));
      if (picture !== undefined) {
        await writeFileAtomically(picture, drawMatrix(matrix), 0o644);
        talk(`the picture: ${picture}`);
      }
      const { counts, reported } = failuresOf(matrix.results);
      const leftOut = versions.filter((suite) => !matrix.versions.has(suite)).map((suite) => `; ${suite} did not run`);
      const rest = reported.length === 0 ? "" : `; ${String(reported.length)} with sid not as expected, which is only reported`;
      talk(`\n${String(matrix.results.length)} cells, ${String(counts.length)} not as expected${rest}${leftOut.join("")}`);
      if (counts.length > 0) throw fail("MATRIX_NOT_AS_EXPECTED", { count: String(counts.length) });
    }),
);
