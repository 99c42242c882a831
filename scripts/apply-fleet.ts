import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("apply-fleet"));
