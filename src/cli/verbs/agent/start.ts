/** `ssh-trust agent start`: the agent in the background. */
import type { Command } from "commander";
import { verb } from "../../../terminal/command.js";
import { talk } from "../../../terminal/report.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { ensureAgent, logOf } from "../../agent/start.js";

export const start: Command = verb("agent start", [""]).action(async () => {
  const settings = readSignInSettings();
  const { status, started } = await ensureAgent(settings);
  talk(
    started
      ? `the agent runs at ${status.socket}, as process ${String(status.pid)}; its log is ${logOf(settings)}`
      : `the agent runs already at ${status.socket}, as process ${String(status.pid)}`,
  );
});
