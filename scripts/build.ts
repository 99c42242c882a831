import { terminalProgress } from "../src/terminal/report.js";
import { command, main } from "../lab/face/task.js";
import { build } from "../tools/build.js";

await main(command("build", "compile the library into dist, anew").action(() => build(terminalProgress())));
