/** What a person's ssh is told of a fleet: for the names of its hosts, and no others. */
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { problemOfDomains } from "../../fleet/checks/domains.js";
import { wrong } from "../../fleet/mistakes.js";
import { domainOf, problemOfPattern } from "../../fleet/patterns.js";
import { isHostName } from "../../ground/host-name.js";
import { fleetSettings } from "../login/strict-options.js";
import { describeServer, type FleetServer } from "./server-name.js";
import { readStatement, wordsOf } from "./words.js";

/** The names of all hosts, as patterns. What Vault has stored is checked again, as the fleet file was. @throws CONFIG_FLEET */
export function patternsOf({ hosts, domains }: Pick<Fleet, "hosts" | "domains">): readonly string[] {
  const refuse = (problem: string) => fail("CONFIG_FLEET", { problem });
  const ofDomains = problemOfDomains(domains);
  if (ofDomains !== undefined) throw refuse(ofDomains);
  const all = hosts.flatMap(({ names, also }) => {
    for (const name of names) {
      const problem = problemOfPattern(name, domains);
      if (problem !== undefined) throw refuse(wrong(name, problem));
    }
    for (const name of also) {
      if (!isHostName(name)) throw refuse(wrong(name, "is not the name of a host"));
      if (domainOf(name, domains) === undefined) throw refuse(wrong(name, "is not below a domain of the fleet"));
    }
    return [...names, ...also];
  });
  return [...new Set(all)];
}

export interface Block {
  readonly server: FleetServer;
  readonly patterns: readonly string[];
  /** Both as words of ssh_config(5). */
  readonly knownHosts: string;
  readonly agent: string;
  /** A command for the person's shell, which tells why there will be no certificate. */
  readonly tell: string | undefined;
}

/**
 * The second section is for names that another section, before this one, leads to such a host with HostName. `Match final` would
 * find those after it too, but ssh would read its whole configuration a second time then, for hosts outside the fleet as well.
 * The third one runs a command and sets nothing. `Match all` at the end is for whoever pastes this: what follows is for all hosts again.
 */
export function renderBlock({ server, patterns, knownHosts, agent, tell }: Block): string {
  const settings = fleetSettings({ knownHosts, agent }).map(([key, value]) => `  ${key} ${value}`);
  const head = [
    `# ssh-trust, for the hosts of ${describeServer(server)}`,
    "# `ssh-trust login` writes this again when the fleet has changed. `ssh-trust config remove` takes it away.",
  ];
  const sections =
    patterns.length === 0
      ? ["# it has no hosts"]
      : [
          `Host ${patterns.join(" ")}`,
          ...settings,
          `Match host ${patterns.join(",")}`,
          ...settings,
          ...(tell === undefined ? [] : [`Match host ${patterns.join(",")} exec "${tell}"`]),
          "Match all",
        ];
  return [...head, ...sections, ""].join("\n");
}

/** The patterns of a block, and whose it is. */
export function readBlock(text: string): { readonly server: string; readonly patterns: readonly string[] } {
  const server = /^# ssh-trust, for the hosts of (.*)$/m.exec(text)?.[1] ?? "";
  const statements = text.split("\n").map(readStatement);
  return { server, patterns: statements.flatMap((each) => (each?.keyword === "host" ? wordsOf(each.value) : [])) };
}
