/**
 * What ssh is told for a host that is held to its own keys. These options come before the person's, and of an option ssh takes the first
 * value: ssh_config(5). How the person proves who they are is their own: such a host does not know the fleet's CA.
 */
import type { ClientConfig } from "../../ssh/client/config.js";

export interface PinOptions {
  readonly name: string;
  /** The only file of known hosts. */
  readonly knownHosts: string;
  readonly algorithms: readonly string[];
  /** Where ssh writes what it has to say. */
  readonly log: string;
}

export function pinOptions(
  { name, knownHosts, algorithms, log }: PinOptions,
  { hasKnownHostsCommand, hasGssKeyExchange }: Pick<ClientConfig, "hasKnownHostsCommand" | "hasGssKeyExchange">,
): readonly string[] {
  const settings: readonly (readonly [key: string, value: string])[] = [
    ["HostKeyAlias", name],
    ["UserKnownHostsFile", knownHosts],
    ["GlobalKnownHostsFile", "/dev/null"],
    ["StrictHostKeyChecking", "yes"],
    ["HostKeyAlgorithms", algorithms.join(",")],
    ["NoHostAuthenticationForLocalhost", "no"],
    ["UpdateHostKeys", "no"],
    ["HashKnownHosts", "no"],
    ["VerifyHostKeyDNS", "no"],
    ["CheckHostIP", "no"],
    ...(hasGssKeyExchange ? [["GSSAPIKeyExchange", "no"] as const] : []),
    ...(hasKnownHostsCommand ? [["KnownHostsCommand", "none"] as const] : []),
    // A connection that is there already may have been made to another host.
    ["ControlMaster", "no"],
    ["ControlPath", "none"],
  ];
  return [...settings.flatMap(([key, value]) => ["-o", `${key}=${value}`]), "-E", log];
}
