import { build } from "../src/cli/build.js";
import { command } from "../src/cli/command.js";
import { main } from "../src/cli/main.js";
import { terminalProgress } from "../src/cli/report.js";

await main(command("build", "compile the library into dist, anew").action(() => build(terminalProgress())));
