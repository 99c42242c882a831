import { printable } from "../../../ground/printable.js";
import { readHostProgram } from "../../../host/hand-over/program.js";
import { installScript } from "../../../host/hand-over/shell.js";
import { verb } from "../../../terminal/command.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { targetsFor } from "./targets.js";

export const program = verb("host program", ["--out install.sh", "--out - | ssh image.example.org sudo sh"])
  .requiredOption("--out <file>", "the file that is written; - is standard output")
  .action(async ({ out }: { readonly out: string }) => {
    const targets = await targetsFor("program", ["install"], { out, format: "shell" }, false);
    const text = installScript(await readHostProgram());
    await targets.prepare();
    const file = await targets.write("install", text);
    if (file === undefined) return;
    print(printable(file));
    talkInLines([
      "run it as root where an image is built; for machines of that image, host add and host template take --installed",
    ]);
  });
