/** What says in known_hosts which CAs vouch for which names: nothing outside the fleet's groups of hosts. */
import type { HostGroup } from "../../fleet/fleet.js";
import { certAuthorityLine } from "../../ssh/known-hosts.js";
import { fail } from "../../errors/catalogue.js";
import { verb } from "../../errors/hint.js";

/** For one login: the one name, by each CA of hosts. */
export const knownHostsOf = (name: string, cas: readonly string[]): string =>
  cas.map((ca) => `${certAuthorityLine([name], ca, "")}\n`).join("");

export interface GroupLine {
  readonly group: string;
  readonly patterns: readonly string[];
  /** Of known_hosts. */
  readonly line: string;
}

/**
 * A line for each group and each CA of hosts, by the names of its hosts and their other names.
 * @param port where it is not 22: ssh and other programs look for [name]:port then
 * @throws USAGE
 */
export function groupLines(hosts: readonly HostGroup[], cas: readonly string[], port = 22): readonly GroupLine[] {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw fail("USAGE", { what: "--port is a number from 1 to 65535", help: verb("known-hosts --help") });
  }
  return hosts.flatMap(({ name, names, also }) => {
    const patterns = [...new Set([...names, ...also])].map((each) => (port === 22 ? each : `[${each}]:${String(port)}`));
    return cas.map((ca) => ({ group: name, patterns, line: certAuthorityLine(patterns, ca, `ssh-trust: ${name}`) }));
  });
}
