import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("stop-ssh-with-signed-hostkey"));
