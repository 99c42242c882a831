/** `ssh-trust agent stop`: the agent ends, and what it holds is gone. */
import type { Command } from "commander";
import { setTimeout } from "node:timers/promises";
import { fail } from "../../../errors/catalogue.js";
import { askToStop } from "../../../people/agent/control.js";
import { agentPlace } from "../../../people/agent/place.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { verb } from "../../../terminal/command.js";
import { talk } from "../../../terminal/report.js";
import { silent, statusAt } from "../../agent/start.js";

export const stop: Command = verb("agent stop", [""]).action(async () => {
  const place = await agentPlace(readSignInSettings());
  if (!(await askToStop(place.control, silent(place)))) {
    talk("no agent runs");
    return;
  }
  for (let tries = 0; tries < 100; tries++) {
    if ((await statusAt(place).catch(() => undefined)) === undefined) {
      talk("the agent has ended; sessions that are open go on");
      return;
    }
    await setTimeout(50);
  }
  throw fail("AGENT_SILENT", { socket: place.control });
});
