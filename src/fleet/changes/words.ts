/** The words for what a fleet file says. */
import { formatDuration } from "../../ground/duration.js";
import { permissions, type AccessRule, type PeopleGroup, type Permission } from "../fleet.js";

/** @example inWords(["a", "b", "c"]) // "a, b and c" */
export const inWords = (items: readonly string[], last: "and" | "or" = "and"): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${last} ${items.slice(-1).join("")}`;

const permissionWords: Readonly<Record<Permission, string>> = {
  pty: "pty",
  "port-forwarding": "port forwarding",
  "agent-forwarding": "agent forwarding",
  "x11-forwarding": "X11 forwarding",
  "user-rc": "~/.ssh/rc",
};
export const sayPermission = (permission: Permission): string => permissionWords[permission];

const allPermissions = Object.keys(permissions) as Permission[];
/** In one order, whatever the file's. */
export const sortPermissions = (list: readonly Permission[]): readonly Permission[] =>
  allPermissions.filter((permission) => list.includes(permission));

/** Where a forwarded agent may lead: a rule that does not allow forwarding leads nowhere. */
export const reachOf = (rule: AccessRule): readonly string[] =>
  rule.with.includes("agent-forwarding") ? [...new Set(rule.forwardTo)].sort() : [];

/** @example sayTerms(rule) // "1m, pty, agent forwarding to db, reserve 1h" */
export function sayTerms(rule: AccessRule): string {
  const reach = reachOf(rule);
  const allowed = sortPermissions(rule.with).map((permission) =>
    permission === "agent-forwarding" && reach.length > 0 ? `agent forwarding to ${inWords(reach)}` : sayPermission(permission),
  );
  const reserve = rule.reserve === undefined ? [] : [`reserve ${formatDuration(rule.reserve)}`];
  return [formatDuration(rule.for), ...allowed, ...reserve].join(", ");
}

/**
 * Whose members belong to a group of people, as "the oidc group x". Names of an identity provider's groups are not checked, and raw
 * here, so that two that print alike are two: `printable` is for whoever tells them.
 */
export const sourcesOf = (group: PeopleGroup): readonly string[] =>
  [
    ...group.members.map((member) => `the ${member.method} group ${member.group}`),
    ...group.identityGroups.map((name) => `Vault's group ${name}`),
  ].sort();
