import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("terraform-apply-ssh-with-trusted-user-ca"));
