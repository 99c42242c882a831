import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("stop-object-store"));
