/** `ssh-trust completion`: the script for a shell; and, for that script, what can be typed next. */
import { Argument, Option, type Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { verb } from "../../../terminal/command.js";
import { print } from "../../../terminal/report.js";
import { filesMark, scripts, shells, type Shell } from "./scripts.js";

interface Options {
  readonly complete?: true;
}

/** Nobody waits longer at a prompt, in milliseconds. */
const patience = 2000;

const declared = verb("completion", [
  "bash >> ~/.bash_completion",
  "zsh > ~/.zfunc/_ssh-trust          # a folder of $fpath",
  "fish > ~/.config/fish/completions/ssh-trust.fish",
]);

export const completion: Command = declared
  .addArgument(new Argument("<shell>", "bash, zsh or fish").choices([...shells]))
  .addArgument(new Argument("[words...]", "used by the shell's script").argOptional())
  .addOption(new Option("--complete", "answer the script: what can the last word be?").hideHelp())
  .action(async (shell: Shell, words: readonly string[], { complete }: Options, command: Command) => {
    if (complete !== true) {
      if (words.length > 0)
        throw fail("USAGE", { what: `too many arguments: "${words[0] ?? ""}"`, help: call("completion --help") });
      print(scripts[shell]);
      return;
    }
    const { candidatesFor } = await import("./candidates.js");
    const { recallNames } = await import("../../../people/remembered-names.js");
    const { readSignInSettings } = await import("../../../settings/sign-in.js");
    // A disk or a network file system that does not answer is no reason to wait; Node itself waits for it when it ends.
    const late = setTimeout(() => process.kill(process.pid, "SIGKILL"), patience);
    const names = await recallNames(readSignInSettings().state);
    clearTimeout(late);
    const found = candidatesFor(rootOf(command), words, names);
    const lines = found.words.map(({ word, about }) => (shell === "bash" || about === "" ? word : `${word}\t${about}`));
    if (lines.length + Number(found.files) > 0) print([...(found.files ? [filesMark] : []), ...lines].join("\n"));
  });

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));
