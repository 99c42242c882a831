/** `ssh-trust ssh`: ssh, to a host of the fleet, with a certificate for this login alone. */
import type { Command } from "commander";
import { fail } from "../../errors/catalogue.js";
import { verb as call } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { childEnvironment, hasDisplay } from "../../settings/login.js";
import { readSignInSettings } from "../../settings/sign-in.js";
import { readSshArguments } from "../../ssh/client/arguments.js";
import { readClientConfig } from "../../ssh/client/config.js";
import { verb } from "../../terminal/command.js";
import { endErrorsWith, finishAs, handSignalsTo } from "../../terminal/main.js";
import { progressOf } from "../../terminal/progress-of.js";
import { patientProgress, talk, talkInLines } from "../../terminal/report.js";
import { asSignedIn, withSignIn, type SignInOptions } from "../signed-in.js";

interface Options extends SignInOptions {
  readonly rule?: string;
  readonly pin?: boolean;
}

const declared = verb("ssh", [
  "deploy@web-1.example.org",
  "deploy@web-1.example.org uptime",
  "-p 2222 -L 8080:localhost:80 deploy@web-1.example.org",
  "--rule tunnels -fN -L 8080:localhost:80 deploy@web-1.example.org",
  "-J deploy@jump-1.example.org postgres@db-1.example.org",
  "--pin admin@old-1.example.org",
]).argument("[arguments...]", "the arguments of ssh, as ssh takes them; the options below come before the host");

export const ssh: Command = withSignIn(declared)
  .option("--rule <name>", "the rule of the fleet file to use, if several let you in; default: the one that permits most")
  .option(
    "--pin",
    "for a host without certificates: check it against the keys that the directory has, and log in with your own key",
  )
  .action(async (args: readonly string[], options: Options, command: Command) => {
    endErrorsWith(command, 255); // as ssh's own: Ansible, git and rsync take any other status for the command's
    if (args.length === 0) throw refuse("the host is missing");
    const { options: given } = readSshArguments(args);
    // They say something of ssh itself, and connect to nothing.
    if (given.some(({ letter }) => "VQG".includes(letter))) {
      await runSsh(command, args);
      return;
    }
    const long = given.find(({ letter }) => letter === "-");
    if (long !== undefined)
      throw refuse(`${printable(args[long.at] ?? "")} has to come before the host: everything after the host is passed to ssh`);
    refuseSharing(given);
    const config = await readClientConfig(args, childEnvironment());
    if ("refused" in config) {
      talk(config.refused);
      finishAs(255);
      return;
    }
    if (options.pin === true) {
      if (options.rule !== undefined) throw refuse("--rule is for hosts that know the fleet's CA: it has no meaning with --pin");
      const { sshPinned } = await import("../ssh-pinned.js");
      await sshPinned(command, { args, options, config });
      return;
    }
    const { openLogin, generalOptions } = await import("../../people/login/login.js");
    const { readJumps } = await import("../../people/login/jumps.js");
    const jumps = await readJumps(config.jumps, generalOptions(args));
    const progress = isDebug(command) ? progressOf(command) : patientProgress;
    await using login = await asSignedIn("ssh", options, (signedIn) =>
      progress.during("having a certificate signed", () =>
        openLogin(signedIn, {
          args,
          config,
          jumps,
          rule: options.rule,
          isTerminal: process.stdin.isTTY,
          hasDisplay: hasDisplay(),
        }),
      ),
    );
    talkInLines(login.notes);
    const { rememberHosts } = await import("../../people/remembered-names.js");
    await rememberHosts(readSignInSettings().state, [config.name]); // for completion
    await runSsh(command, login.args);
  });

const isDebug = (command: Command) => command.optsWithGlobals<{ debug?: boolean }>().debug === true;

const refuse = (what: string) => fail("USAGE", { what, help: call("ssh --help") });

/** A shared connection would be one that was made by other rules, or that outlives this login's. */
function refuseSharing(given: ReturnType<typeof readSshArguments>["options"]): void {
  const sharing = given.find(({ letter, value }) => "MO".includes(letter) || (letter === "S" && value !== "none"));
  if (sharing === undefined) return;
  throw refuse(`-${sharing.letter} shares a connection, and each login with ssh-trust ssh has one of its own`);
}

async function runSsh(command: Command, args: readonly string[]): Promise<void> {
  const { startForeground } = await import("../../people/login/foreground.js");
  const running = startForeground("ssh", args, childEnvironment());
  const takeBack = handSignalsTo(command, running.pass);
  finishAs(await running.ended.finally(takeBack));
}
