import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("terraform-apply-ssh-with-signed-hostkey"));
