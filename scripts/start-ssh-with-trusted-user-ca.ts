import { main, taskCommand } from "../lab/face/task.js";

await main(taskCommand("start-ssh-with-trusted-user-ca"));
