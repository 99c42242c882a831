/** `ssh-trust config remove`: takes away what `config install` and `config print` have made. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { removeConfig } from "../../../people/ssh-config/remove.js";
import { programName } from "../../../settings/program.js";
import { readAddressOption, readSignInSettings } from "../../../settings/sign-in.js";
import { readSshConfigPlaces } from "../../../settings/ssh-config.js";
import { verb } from "../../../terminal/command.js";
import { talk, talkInLines } from "../../../terminal/report.js";
import { agentRuns } from "../../agent/start.js";

interface Options {
  readonly file?: string;
  readonly vault?: string;
}

export const remove: Command = verb("config remove", ["", "--vault https://vault.example.org:8200", "--file other-config"])
  .option("--file <file>", "remove the line from this file only; default: wherever config install has put it")
  .option("--vault <address>", "remove only what is for the fleet of this server")
  .action(async ({ file, vault }: Options) => {
    const did = await removeConfig({
      places: readSshConfigPlaces(),
      file: file === undefined ? undefined : resolve(file),
      address: vault === undefined ? undefined : readAddressOption(vault),
    });
    if (did.length === 0) talk(file === undefined ? "nothing of ssh-trust is installed" : `${file} has no line of ssh-trust`);
    else talkInLines([...did, ...(await ofTheAgent())]);
  });

/** It goes on: other programs may use it. */
const ofTheAgent = async (): Promise<readonly string[]> =>
  (await agentRuns(readSignInSettings())) === true ? [`the agent still runs: ${programName()} agent stop`] : [];
