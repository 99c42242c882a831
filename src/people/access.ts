/** Where a person may log in as whom, by the fleet's rules. */
import type { AccessRule, Fleet, HostGroup } from "../fleet/fleet.js";
import { matches } from "../fleet/patterns.js";
import { isHostName } from "../ground/host-name.js";

/** The group that a name belongs to: by its hosts' own names, or else by their other names; undefined: none. */
export function groupOfName<G extends Pick<HostGroup, "names" | "also">>(
  { hosts }: { readonly hosts: readonly G[] },
  name: string,
): G | undefined {
  if (!isHostName(name)) return undefined; // a pattern matches itself
  return (
    hosts.find(({ names }) => names.some((pattern) => matches(pattern, name))) ?? hosts.find(({ also }) => also.includes(name))
  );
}

/** All groups with their names, for a message: "web: web-*.example.org, www.example.org; db: db-*.example.org". */
export function describeGroups({ hosts }: Pick<Fleet, "hosts">): string {
  if (hosts.length === 0) return "it has no hosts";
  return hosts.map(({ name, names, also }) => `${name}: ${[...names, ...also].join(", ")}`).join("; ");
}

/** The accounts that rules open, by group of hosts, in the rules' order. */
export function accountsOf(rules: readonly AccessRule[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { on, as } of rules) found.set(on, [...new Set([...(found.get(on) ?? []), ...as])]);
  return found;
}

/** In a sentence: "alice may log in to web as deploy, ops; to db as postgres". */
export function accountsInWords(who: string, rules: readonly AccessRule[]): string {
  const all = [...accountsOf(rules)].map(([group, accounts]) => `to ${group} as ${accounts.join(", ")}`);
  return all.length === 0 ? `${who} may not log in anywhere` : `${who} may log in ${all.join("; ")}`;
}

/** What to do for somebody whom no rule lets in anywhere. */
export const askForAccess = {
  say: "an operator adds them to a group of people in Vault, or that group to a rule of the fleet file",
} as const;
