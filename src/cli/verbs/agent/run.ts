/** `ssh-trust agent run`: the agent in the foreground, as a service manager starts it. */
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { ownPackage } from "../../../ground/own-package.js";
import { runAgent } from "../../../people/agent/agent.js";
import { agentPlace } from "../../../people/agent/place.js";
import { keepConfigCurrent } from "../../../people/ssh-config/keep-current.js";
import { launchdPlist, systemdUnit } from "../../../people/agent/units.js";
import { readSshConfigPlaces } from "../../../settings/ssh-config.js";
import { verb } from "../../../terminal/command.js";
import { handSignalsTo } from "../../../terminal/main.js";
import { print, talk } from "../../../terminal/report.js";
import { wrap } from "../../../terminal/wrap.js";
import { keptSignIns } from "../../agent/sign-ins.js";
import { describeKept } from "../../sign-in/describe.js";
import { keepRenewed } from "../../sign-in/keep-renewed.js";
import { logFile } from "../../agent/log-file.js";
import { ownProgram } from "../../agent/start.js";
import { readSurroundings } from "../../sign-in/surroundings.js";

interface Options {
  readonly log?: string;
  readonly printUnit?: string;
}

const units = { systemd: systemdUnit, launchd: launchdPlist } as const;

export const run: Command = verb("agent run", [
  "                         # each decision is a line",
  "--print-unit systemd     # for systemctl --user",
  "--print-unit launchd     # for macOS",
])
  .option("--log <file>", "write what it decides to this file, instead of standard error")
  .option("--print-unit <manager>", "print how systemd or launchd starts it, and start nothing")
  .action(async ({ log, printUnit }: Options, command: Command) => {
    if (printUnit !== undefined) {
      const unit = Object.hasOwn(units, printUnit) ? units[printUnit as keyof typeof units] : undefined;
      if (unit === undefined) throw fail("USAGE", { what: "--print-unit is systemd or launchd", help: call("agent run --help") });
      print(unit(ownProgram()));
      return;
    }
    const around = await readSurroundings();
    const place = await agentPlace(around.settings);
    // Whoever ends it, by a signal or by agent stop: it has done its work.
    const ending = new AbortController();
    const end = () => {
      ending.abort();
    };
    handSignalsTo(command, end);
    await runAgent(
      {
        place,
        version: ownPackage().version,
        signIns: keptSignIns(around),
        renewed: (signIn, seconds, stored) => keepRenewed(around, signIn.settings.token, seconds, stored),
        learned: async ({ settings }, stored) => {
          const kept = await keepConfigCurrent(stored, settings, readSshConfigPlaces());
          if ("problem" in kept) throw new Error(kept.problem);
          return describeKept(kept).map((line) => wrap(line, undefined));
        },
        write: log === undefined ? talk : logFile(log),
        ready: () => {
          if (log === undefined) talk(`the agent runs at ${place.socket}`);
        },
      },
      ending.signal,
    );
  });
