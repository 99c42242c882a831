/** Hosts as the fleet knows them. */
import { fail } from "../errors/catalogue.js";
import type { Fleet, HostGroup } from "../fleet/fleet.js";
import { problemOfHostName } from "../fleet/names.js";
import { domainOf, matches } from "../fleet/patterns.js";
import { hostsMountOf, store } from "../fleet/vault-names.js";

export interface Host {
  /** The full name, such as "web-1.example.org". */
  readonly name: string;
  readonly group: HostGroup;
  /** The names that its certificate may hold: its own, then the other names of its group. */
  readonly principals: readonly string[];
}

/** The host of a name. @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP */
export function hostOf({ hosts }: Pick<Fleet, "hosts">, name: string): Host {
  checkName(name);
  const group = groupOfHost({ hosts }, name);
  if (group !== undefined) return { name, group, principals: principalsOf(name, group) };
  const groups = hosts.map((each) => `${each.name}: ${each.names.join(", ")}`).join("; ");
  throw fail("HOST_IN_NO_GROUP", { name, groups: groups === "" ? "there is none" : groups });
}

/** The names that the certificate of a host may hold: its own, then the other names of its group. */
export const principalsOf = (name: string, { also }: Pick<HostGroup, "also">): readonly string[] => [
  name,
  ...also.filter((other) => other !== name),
];

/** The group that has a name; undefined: none has it. */
export const groupOfHost = ({ hosts }: Pick<Fleet, "hosts">, name: string): HostGroup | undefined =>
  hosts.find(({ names }) => names.some((pattern) => matches(pattern, name)));

/** Vault would take more for a name, and sign whatever the name says: a list, a wildcard. */
function checkName(name: string): void {
  const problem = problemOfHostName(name);
  if (problem !== undefined) throw fail("HOST_NAME_INVALID", { name, problem });
}

/** The one of the domains that a host is below. @throws HOST_NAME_INVALID, HOST_IN_NO_GROUP */
export function domainOfHost({ domains }: Pick<Fleet, "domains">, name: string): string {
  checkName(name);
  const domain = domainOf(name, domains);
  if (domain === undefined) throw fail("HOST_IN_NO_GROUP", { name, groups: `the domains are ${domains.join(", ")}` });
  return domain;
}

/** What its AppRole is called: as the host, without the domain. */
export const appRoleNameOf = (name: string, domain: string): string => name.slice(0, -domain.length - 1);

/** Where its AppRole is: in the mount of its domain. */
export const appRoleOf = (name: string, domain: string): string =>
  `auth/${hostsMountOf(domain)}/role/${appRoleNameOf(name, domain)}`;

/** Where it says what it is, below the store; and where Vault says when that was. */
export const entryOf = (name: string): string => `${store}/data/hosts/${name}`;
export const entryMetadataOf = (name: string): string => `${store}/metadata/hosts/${name}`;
