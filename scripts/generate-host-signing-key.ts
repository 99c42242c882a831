import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("generate-host-signing-key"));
