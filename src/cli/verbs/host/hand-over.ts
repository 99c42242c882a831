/** What `host add` and `host reissue` have in common: an identity for each host, in a file of its own. */
import type { Command } from "commander";
import { fail, isFailure, type SshTrustError } from "../../../errors/catalogue.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { isKeptOut, type AppRole } from "../../../host/app-role.js";
import { addHost, type AddedHost } from "../../../host/add.js";
import { hostOf } from "../../../host/host.js";
import { handedToHost } from "../../../host/hand-over/files.js";
import { renderer } from "../../../host/hand-over/render.js";
import { listUncertified, ofOlderPolicy } from "../../../host/uncertified.js";
import { tlsForHosts } from "../../../host/hand-over/tls.js";
import { sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { describeAdded, sizeWarning } from "./describe-added.js";
import type { AskedHosts } from "./names.js";
import type { Bounds, HandOverOptions } from "./options.js";
import { atRegistry, type Registry } from "./registrar.js";
import { reportAsJson, type HandedOver } from "./report.js";
import type { Targets } from "./targets.js";
import { describeStopped } from "./words.js";

export interface HandOver {
  readonly verb: "add" | "reissue";
  readonly asked: AskedHosts;
  readonly targets: Targets;
  readonly bounds: Bounds;
  readonly options: HandOverOptions;
  /** `addHost` or `reissueHost`. */
  readonly give: typeof addHost;
  /** Why a host cannot have one, by its name. Nothing is done where one cannot. */
  readonly problemOf: (name: string, roles: ReadonlyMap<string, AppRole>) => SshTrustError | undefined;
  /** Asks whether to go on. */
  readonly mayGoOn?: (registry: Registry, roles: ReadonlyMap<string, AppRole>) => Promise<boolean>;
}

export async function handOver(
  command: Command,
  { verb, asked, targets, bounds, options, give, problemOf, mayGoOn }: HandOver,
): Promise<void> {
  const { hosts, refuse } = asked;
  const { valid, cidrs } = bounds;
  const signal = signalOf(command);
  sayIfInterrupted(command, "nothing was changed");
  await atRegistry(verb, async (registry) => {
    const { api, stored, settings } = registry;
    const tls = await tlsForHosts(settings, stored);
    const { rolesOf } = await import("../../../host/list-hosts.js");
    refuse((name) => problemOfGroup(stored.fleet, name));
    const roles = await rolesOf(
      api,
      stored,
      hosts.map(({ name }) => name),
    );
    refuse((name) => problemOf(name, roles));
    // Looked for once, and not for each: of the first one, the library says it.
    const registered = hosts.length > 1 ? new Set(await listUncertified(api).catch(ofOlderPolicy)) : new Set<string>();
    refuse((name) => (registered.has(name) ? fail("HOST_UNCERTIFIED", { name }) : undefined));
    if (mayGoOn !== undefined && !(await mayGoOn(registry, roles))) return;
    sayIfInterrupted(command, "what was started is finished or undone, and nothing more is started");
    signal.addEventListener("abort", () => undefined); // so that it is waited for
    const render = await renderer(options.format, options.installed);
    const withdraw = await targets.prepare();
    const done: AddedHost[] = [];
    const handed: HandedOver[] = [];
    let longest = "";
    try {
      for (const { name } of hosts) {
        signal.throwIfAborted();
        const toFile = async (host: AddedHost) => {
          const text = render(handedToHost(host, { stored, harden: options.harden === true, ...tls }));
          if (text.length > longest.length) longest = text;
          const file = await targets.write(name, text);
          if (file === undefined) return;
          if (options.report === undefined) print(printable(file));
          else handed.push({ host, file });
        };
        const label = `${verb === "add" ? "adding" : "reissuing"} ${name}`;
        done.push(
          await progressOf(command).during(label, () =>
            give(api, stored, name, { valid, handOver: toFile, ...(cidrs === undefined ? {} : { cidrs }) }),
          ),
        );
      }
    } catch (error) {
      if (options.report !== undefined) print(reportAsJson(handed));
      await withdraw();
      if (hosts.length > 1)
        talkInLines([
          describeStopped(
            done.map(({ name }) => name),
            hosts.slice(done.length).map(({ name }) => name),
            verb,
          ),
        ]);
      throw error;
    }
    if (options.report !== undefined) print(reportAsJson(handed));
    talkInLines(describeAdded(done, { verb, stored, settings, tls, format: options.format }));
    if (options.format === "user-data") talkInLines(sizeWarning(longest, shellWord(options.out)));
  });
}

function problemOfGroup(fleet: Parameters<typeof hostOf>[0], name: string): SshTrustError | undefined {
  try {
    hostOf(fleet, name);
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

type ProblemOf = HandOver["problemOf"];

export const notEnrolled: ProblemOf = (name, roles) => {
  const role = roles.get(name);
  return role === undefined || isKeptOut(role) ? undefined : fail("HOST_ENROLLED", { name });
};
export const onlyEnrolled: ProblemOf = (name, roles) => {
  const role = roles.get(name);
  if (role === undefined) return fail("HOST_UNKNOWN", { name });
  return isKeptOut(role) ? fail("HOST_KEPT_OUT", { name }) : undefined;
};
