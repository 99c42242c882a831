import { build } from "../tools/build.js";
import { command } from "../src/terminal/command.js";
import { main } from "../src/terminal/main.js";
import { terminalProgress } from "../src/terminal/report.js";

await main(command("build", "compile the library into dist, anew").action(() => build(terminalProgress())));
