/** `ssh-trust agent stop`: the agent ends, and what it holds is gone. */
import type { Command } from "commander";
import { setTimeout } from "node:timers/promises";
import { fail } from "../../../errors/catalogue.js";
import { askStatus, askToStop } from "../../../people/agent/control.js";
import { agentPlace } from "../../../people/agent/place.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { verb } from "../../../terminal/command.js";
import { talk } from "../../../terminal/report.js";

export const stop: Command = verb("agent stop", [""]).action(async () => {
  const { control } = await agentPlace(readSignInSettings());
  if (!(await askToStop(control))) {
    talk("the agent is not running");
    return;
  }
  for (let tries = 0; tries < 100; tries++) {
    if (await hasEnded(control)) {
      talk("the agent has ended; sessions that are open go on");
      return;
    }
    await setTimeout(50);
  }
  throw fail("AGENT_SILENT", { socket: control });
});

/** While it ends, it closes connections; where it does not answer at all, it is still there. */
const hasEnded = (control: string): Promise<boolean> =>
  askStatus(control).then(
    (status) => status === undefined,
    () => false,
  );
