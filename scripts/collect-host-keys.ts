import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("collect-host-keys"));
