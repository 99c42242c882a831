import { main, taskCommand } from "../src/cli/main.js";

await main(taskCommand("collect-host-keys"));
