import { main, taskCommand } from "../src/cli/main.js";

await main(taskCommand("generate-host-signing-key"));
