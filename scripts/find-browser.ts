import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("find-browser"));
