import type { Command } from "commander";
import type { Range } from "../../../fleet/durations.js";
import { formatDuration } from "../../../ground/duration.js";
import { listHosts, type ListedHost } from "../../../host/list-hosts.js";
import { registeredOf } from "../../../host/state.js";
import { groupOfHost } from "../../../host/host.js";
import { hostsToRemove, takeHostAway, type RemovedHost } from "../../../host/take-away.js";
import { verb } from "../../../terminal/command.js";
import { sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { agreed, withYes, type YesOption } from "../../ask-first.js";
import { askedHosts } from "./names.js";
import { readDuration, requireAnswer, usage } from "./options.js";
import { atRegistry, type Registry } from "./registrar.js";
import { showList } from "./show-list.js";
import { moment } from "../../times.js";
import { describeStopped } from "./words.js";

interface Options extends YesOption {
  readonly silentFor?: string;
  readonly mayReturn?: boolean;
}

/** A host renews daily: less than an hour would take away those that are just rebooting. */
const silence: Range = { of: "a host's silence", least: 3600, most: 3650 * 24 * 3600 };

const declared = verb("host remove", ["web-1.example.org", "web-1.example.org --yes", "--silent-for 30d"])
  .argument("[name...]", "full names")
  .option("--silent-for <duration>", "instead of names: all hosts whose last report is older than this");

export const remove = withYes(declared)
  .option("--may-return", "a machine that enrols itself may do so again; with --silent-for, all may")
  .action(async (names: readonly string[], options: Options, command: Command) => {
    const { silentFor, yes, mayReturn } = options;
    if (silentFor !== undefined && names.length > 0) throw usage("remove", "name hosts, or give --silent-for, and not both");
    const seconds = silentFor === undefined ? undefined : readDuration("remove", "--silent-for", silentFor, silence);
    if (seconds === undefined) await askedHosts("remove", names, undefined);
    requireAnswer("remove", options);
    sayIfInterrupted(command, "nothing was changed");
    await atRegistry("remove", async (registry) => {
      const forGood = seconds === undefined && mayReturn !== true;
      const silent = seconds === undefined ? undefined : await silentHosts(registry, seconds, command);
      if (silent?.length === 0) {
        talk(`no host has been silent for ${formatDuration(seconds ?? 0)}`);
        return;
      }
      if (silent !== undefined) talk(showList(silent, await registry.api.now(), terminalColumns()));
      if (yes !== true) {
        const looked = silent === undefined ? await showNamed(registry, names, forGood, command) : [];
        const [first = "", ...others] = silent?.map(({ name }) => name) ?? names;
        const which = others.length === 0 ? first : `these ${String(others.length + 1)} hosts`;
        if (!(await agreed(ends(registry, [first, ...others], looked, forGood), `remove ${which}?`))) return;
      }
      sayIfInterrupted(command, "the host that is being removed is removed, and no other one is started");
      signalOf(command).addEventListener("abort", () => undefined); // so that it is waited for
      await removeAll(registry, silent?.map(({ name }) => name) ?? names, command, forGood);
    });
  });

/** @throws what a removal would throw of each, before anybody is asked */
async function showNamed({ api, stored }: Registry, names: readonly string[], forGood: boolean, command: Command) {
  const looked = await progressOf(command).during("reading what hosts said", () =>
    hostsToRemove(api, stored, names, { forGood }),
  );
  const found = looked.flatMap(({ host }) => (host === undefined ? [] : [host]));
  if (found.length > 0) talk(showList(found, await api.now(), terminalColumns()));
  talkInLines(looked.flatMap(({ name, host }) => (host === undefined ? [`${name} was never a host: it would be blocked`] : [])));
  return found;
}

/** What a removal means. @param looked of those that were named, as far as they are there */
function ends({ stored }: Registry, all: readonly string[], looked: readonly ListedHost[], forGood: boolean): readonly string[] {
  const registered = looked.filter((host) => registeredOf(host) !== undefined).map(({ name }) => name);
  const names = all.filter((name) => !registered.includes(name));
  return [
    ...(names.length === 0 ? [] : endsOfEnrolled(stored, names, forGood)),
    ...(registered.length === 0
      ? []
      : [
          `once removed, the directory no longer shows the keys of ${registered.join(", ")}, and nobody can log in there with ssh --pin`,
        ]),
  ];
}

function endsOfEnrolled(stored: Registry["stored"], names: readonly string[], forGood: boolean): readonly string[] {
  const byToken = names.some((name) => groupOfHost(stored.fleet, name)?.jwt !== undefined);
  const after = !byToken
    ? ""
    : forGood
      ? "; a machine that enrols itself is blocked, until host add lets it in again"
      : "; a machine that enrols itself may do so again";
  const who = names.length === 1 ? "it" : "them";
  return [`once removed, nothing more is signed for ${who}; what was signed is valid until it expires${after}`];
}

async function silentHosts({ api, stored }: Registry, seconds: number, command: Command) {
  const hosts = await progressOf(command).during("reading what hosts said", () => listHosts(api, stored));
  const latest = (await api.now()).getTime() - seconds * 1000;
  return hosts.filter(({ said }) => said !== undefined && said.at.getTime() < latest); // those that never said anything are kept
}

/** @param forGood whether those that enrol themselves are kept from it: not those that are merely forgotten */
async function removeAll({ api, stored }: Registry, names: readonly string[], command: Command, forGood: boolean): Promise<void> {
  const signal = signalOf(command);
  const done: string[] = [];
  let certified = false;
  try {
    for (const name of names) {
      signal.throwIfAborted();
      const removed = await progressOf(command).during(`removing ${name}`, () => takeHostAway(api, stored, name, { forGood }));
      done.push(name);
      certified ||= !removed.registered;
      print(removed.name);
      talkInLines([describeRemoved(removed, await api.now())]);
    }
  } catch (error) {
    if (names.length > 1) talkInLines([describeStopped(done, names.slice(done.length), "remove")]);
    throw error;
  } finally {
    if (certified)
      talkInLines([
        "a login does not ask Vault about hosts: until then, who has such a certificate's key can still be that host",
      ]);
  }
}

/** A host that was broken into may have had more signed than it showed. */
function describeRemoved({ name, shownUntil, atMost, tokensOf, keptOut, registered, known }: RemovedHost, now: Date): string {
  if (registered) return `${name} is no longer registered: the directory no longer shows its keys to anybody`;
  const shown =
    shownUntil === undefined
      ? "it reported no valid certificate; one that it did not report expires"
      : `the certificates that it reported expire ${moment(shownUntil)}; any other expires`;
  const latest =
    atMost === undefined ? "when its group said" : `at the latest ${moment(new Date(now.getTime() + atMost * 1000))}`;
  if (!known) return `${name} was never a host; from now on it is blocked: no token of its platform gets it an identity`;
  if (tokensOf !== undefined && !keptOut)
    return `${name} has no identity any more, until it signs in with a token of auth/${tokensOf}; ${shown} ${latest}`;
  const refused = keptOut ? ", and no token of its platform gets it another identity" : "";
  return `${name} can no longer have anything signed${refused}; ${shown} ${latest}`;
}
