import type { Command } from "commander";
import type { Range } from "../../../fleet/durations.js";
import { formatDuration } from "../../../ground/duration.js";
import { listHosts } from "../../../host/list-hosts.js";
import { takeHostAway, type RemovedHost } from "../../../host/take-away.js";
import { askYes, canAsk } from "../../../terminal/ask-yes.js";
import { verb } from "../../../terminal/command.js";
import { finish, sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { askedHosts } from "./names.js";
import { readDuration, usage } from "./options.js";
import { atRegistry, type Registry } from "./registrar.js";
import { showList } from "./show-list.js";
import { moment } from "../../times.js";
import { describeStopped } from "./words.js";

interface Options {
  readonly silentFor?: string;
  readonly yes?: boolean;
  readonly mayReturn?: boolean;
}

/** A host renews daily: less than an hour would take away those that are just rebooting. */
const silence: Range = { of: "a host's silence", least: 3600, most: 3650 * 24 * 3600 };

export const remove = verb("host remove", ["web-1.example.org", "--silent-for 30d"])
  .argument("[name...]", "whole names")
  .option("--silent-for <duration>", "instead of names: all hosts that have said something once, and nothing for so long")
  .option("--yes", "with --silent-for: remove them without asking")
  .option("--may-return", "a machine that enrols itself may do so again; with --silent-for, all may")
  .action(async (names: readonly string[], { silentFor, yes, mayReturn }: Options, command: Command) => {
    if (silentFor !== undefined && names.length > 0) throw usage("remove", "name hosts, or give --silent-for, and not both");
    if (silentFor === undefined && yes === true)
      throw usage("remove", "--yes goes with --silent-for: named hosts are not asked about");
    sayIfInterrupted(command, "the host that is being removed is removed, and no other is begun");
    signalOf(command).addEventListener("abort", () => undefined); // so that it is waited for
    if (silentFor === undefined) {
      const { hosts } = await askedHosts("remove", names, undefined);
      await atRegistry("remove", (registry) =>
        removeAll(
          registry,
          hosts.map(({ name }) => name),
          command,
          mayReturn !== true,
        ),
      );
      return;
    }
    const seconds = readDuration("remove", "--silent-for", silentFor, silence);
    if (yes !== true && !canAsk()) throw usage("remove", "nobody can be asked here: look at host list, then give --yes");
    await atRegistry("remove", async (registry) => {
      const silent = await silentHosts(registry, seconds, command);
      if (silent.length === 0) {
        talk(`no host has been silent for ${formatDuration(seconds)}`);
        return;
      }
      talk(showList(silent, await registry.api.now(), terminalColumns()));
      if (
        yes !== true &&
        !(await askYes(`remove ${silent.length === 1 ? "this host" : `these ${String(silent.length)} hosts`}?`))
      ) {
        talk("nothing was removed");
        finish(1);
        return;
      }
      await removeAll(
        registry,
        silent.map(({ name }) => name),
        command,
        false,
      );
    });
  });

async function silentHosts({ api, stored }: Registry, seconds: number, command: Command) {
  const hosts = await progressOf(command).during("reading what hosts said", () => listHosts(api, stored));
  const latest = (await api.now()).getTime() - seconds * 1000;
  return hosts.filter(({ said }) => said !== undefined && said.at.getTime() < latest); // those that never said anything are kept
}

/** @param forGood whether those that enrol themselves are kept from it: not those that are merely forgotten */
async function removeAll({ api, stored }: Registry, names: readonly string[], command: Command, forGood: boolean): Promise<void> {
  const signal = signalOf(command);
  const done: string[] = [];
  try {
    for (const name of names) {
      signal.throwIfAborted();
      const removed = await progressOf(command).during(`removing ${name}`, () => takeHostAway(api, stored, name, { forGood }));
      done.push(name);
      print(removed.name);
      talkInLines([describeRemoved(removed, await api.now())]);
    }
  } catch (error) {
    if (names.length > 1) talkInLines([describeStopped(done, names.slice(done.length), "remove")]);
    throw error;
  } finally {
    if (done.length > 0)
      talkInLines([
        "a login does not ask Vault about hosts: until then, who has such a certificate's key can still be that host",
      ]);
  }
}

/** A host that was broken into may have had more signed than it showed. */
function describeRemoved({ name, shownUntil, atMost, tokensOf, keptOut, known }: RemovedHost, now: Date): string {
  const shown =
    shownUntil === undefined
      ? "it showed no valid certificate; one that it did not show ends"
      : `the certificates that it showed end ${moment(shownUntil)}; any other ends`;
  const latest =
    atMost === undefined ? "when its group said" : `at the latest ${moment(new Date(now.getTime() + atMost * 1000))}`;
  if (!known) return `${name} was never a host; it is kept out from now on: no token of its platform gets it an identity`;
  if (tokensOf !== undefined && !keptOut)
    return `${name} has no identity any more, until it comes with a token of auth/${tokensOf}; ${shown} ${latest}`;
  const refused = keptOut ? ", and no token of its platform gets it another identity" : "";
  return `${name} can have nothing more signed${refused}; ${shown} ${latest}`;
}
