import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("generate-user-signing-key"));
