import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("stop-vault"));
