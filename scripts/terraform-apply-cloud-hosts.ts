import { main, taskCommand } from "../src/cli/task.js";

await main(taskCommand("terraform-apply-cloud-hosts"));
