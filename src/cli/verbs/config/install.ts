/** `ssh-trust config install`: one line of a person's configuration. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import type { Finding } from "../../../people/ssh-config/examine.js";
import { checkTarget, planInstall, install as carryOut, type InstallPlan } from "../../../people/ssh-config/install.js";
import { personsFile } from "../../../people/ssh-config/target.js";
import { childEnvironment } from "../../../settings/login.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { readSshConfigPlaces } from "../../../settings/ssh-config.js";
import { verb } from "../../../terminal/command.js";
import { finish, signalOf } from "../../../terminal/main.js";
import { talk, talkInLines } from "../../../terminal/report.js";
import { agreed, requireAnswer } from "../../ask-first.js";
import { agentAfterSignIn } from "../../agent/start.js";
import { withSignIn, type SignInOptions } from "../../signed-in.js";
import { describeFinding, describePlan, describeShared, isAgainst } from "./describe.js";
import { fleetAt } from "./fleet-at.js";

interface Options extends SignInOptions {
  readonly file?: string;
  readonly yes?: true;
}

const declared = verb("config install", ["", "--yes", "--file ~/.ssh/config.d/fleet"]);

export const install: Command = withSignIn(declared)
  .option("--file <file>", "another file than ~/.ssh/config")
  .option("--yes", "do it without asking")
  .action(async (options: Options, command: Command) => {
    const places = readSshConfigPlaces();
    const file = options.file === undefined ? undefined : resolve(options.file);
    // Refused before anybody is asked to sign in.
    await checkTarget(places, file);
    requireAnswer(options, undefined, (what) => fail("USAGE", { what, help: call("config install --help") }));
    if (file === undefined && places.otherHome !== undefined)
      talkInLines([
        `HOME is ${places.otherHome}, but ssh reads ${personsFile(places.sshHome)}: it takes the home that the system has`,
      ]);
    const fleet = await fleetAt("config install", options, signalOf(command));
    const plan = await planInstall({ ...fleet, places, file, env: childEnvironment() });
    talkInLines(describePlan(plan));
    tellFindings(plan);
    if (plan.change === "none" && plan.written.length + plan.newDomains.length === 0) {
      talk("there is nothing to do");
      finish(plan.after.findings.some(isAgainst) ? 1 : 0);
      return;
    }
    if (options.yes !== true && !(await agreed([], "do this?"))) return;
    const seen = await carryOut(plan);
    if ("refused" in seen) {
      talkInLines(["installed, but ssh rejects its configuration now:", ...seen.refused.split("\n")]);
      finish(1);
      return;
    }
    const words = (each: Finding) => describeFinding(each, plan.line);
    const told = new Set(plan.after.findings.map(words));
    talkInLines(seen.findings.map(words).filter((each) => !told.has(each)));
    const count = String(seen.samples.length);
    const against = seen.findings.some(isAgainst);
    talk(
      `installed; ssh -G was asked about ${count} names, and ${against ? "does not do all that the fleet says" : "does what the fleet says"}`,
    );
    const [sample] = seen.samples;
    if (sample !== undefined)
      talk(`type full names, such as ${sample}: ssh does not know by which part of it you mean a host of the fleet`);
    talkInLines(await agentAfterSignIn(readSignInSettings()));
    finish(against ? 1 : 0);
  });

function tellFindings(plan: InstallPlan): void {
  talkInLines([...plan.after.findings.map((each) => describeFinding(each, plan.line)), ...describeShared(plan)]);
}
