import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("terraform-apply-cloud-hosts"));
