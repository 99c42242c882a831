import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("stop-ssh-with-authorized-keys"));
