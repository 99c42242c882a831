import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("reset-cloud"));
