import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("generate-user-signing-key"));
