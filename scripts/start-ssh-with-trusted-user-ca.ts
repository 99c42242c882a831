import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("start-ssh-with-trusted-user-ca"));
