/** `ssh-trust config print`: what the line of `config install` includes, for programs that do not follow it. */
import type { Command } from "commander";
import { fleetFiles, includeWord, writeFiles } from "../../../people/ssh-config/fleet-files.js";
import { readRecord, withAccepted, writeRecord } from "../../../people/ssh-config/record.js";
import { readSshConfigPlaces } from "../../../settings/ssh-config.js";
import { verb } from "../../../terminal/command.js";
import { signalOf } from "../../../terminal/main.js";
import { print as show, talkInLines } from "../../../terminal/report.js";
import { withSignIn, type SignInOptions } from "../../signed-in.js";
import { fleetAt } from "./fleet-at.js";

export const print: Command = withSignIn(verb("config print", ["", "--vault https://vault.example.org:8200"])).action(
  async (options: SignInOptions, command: Command) => {
    const places = readSshConfigPlaces();
    includeWord(places.folder); // refused before anybody is asked to sign in
    const { stored, server } = await fleetAt("config print", options, signalOf(command));
    const { block, knownHosts } = await fleetFiles(stored, server, places);
    await writeFiles([knownHosts], places.folder); // the block names it
    const record = withAccepted(await readRecord(places.folder), server, stored.fleet.domains);
    await writeRecord(places.folder, record);
    show(block.text);
    talkInLines([`paste this at the top; ${knownHosts.path} has the CAs, and is kept current by login`]);
  },
);
