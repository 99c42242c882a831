/** Groups that have another name and are the same otherwise. */
import type { Fleet, HostGroup, PeopleGroup } from "../fleet.js";
import { changes, type Change } from "./change.js";
import { matchBy } from "./compare.js";

/** From the name before to the name after. */
type Names = ReadonlyMap<string, string>;

/** The names of groups that were only renamed: one that is gone and one that is new are the only two with that content. */
function findRenamed<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  contentOf: (group: T) => string,
): Names {
  const { removed, added } = matchBy(before, after, (group) => group.name);
  const alike = (list: readonly T[], group: T) => list.filter((other) => contentOf(other) === contentOf(group));
  return new Map(
    removed.flatMap((group): [string, string][] => {
      const [now, ...others] = alike(added, group);
      const certain = contentOf(group) !== "" && others.length === 0 && alike(removed, group).length === 1;
      return certain && now !== undefined ? [[group.name, now.name]] : [];
    }),
  );
}

const setOf = (items: readonly string[]): readonly string[] => [...new Set(items)].sort();

/**
 * Empty where nobody is named: then Vault has the members, by the group's name. Another name is another list of members, so
 * that it is no rename, however alike the file's two entries are.
 */
function contentOfPeople(group: PeopleGroup): string {
  const members = group.members.map((member) => JSON.stringify([member.method, member.group]));
  const nobody = members.length + group.identityGroups.length === 0;
  return nobody ? "" : JSON.stringify([setOf(members), setOf(group.identityGroups)]);
}

const contentOfHosts = (group: HostGroup): string =>
  JSON.stringify([setOf(group.names), group.domain, setOf(group.also), setOf(group.accounts), group.for]);

export interface Renamed {
  readonly told: readonly Change[];
  /** The fleet before, with the names that its groups have now: what is compared further. */
  readonly before: Fleet;
}

export function followRenamedGroups(before: Fleet, after: Fleet): Renamed {
  const people = findRenamed(before.people, after.people, contentOfPeople);
  const hosts = findRenamed(before.hosts, after.hosts, contentOfHosts);
  const nowOf = (names: Names, name: string) => names.get(name) ?? name;
  const told = [
    ...[...people].map(([name, now]) =>
      changes(
        `the group ${name} of people is now called ${now}: people who were added to ${name} by name have to be added again`,
      ),
    ),
    ...[...hosts].map(([name, now]) =>
      changes(
        `the group ${name} of hosts is now called ${now}: principals are now account@${now}, ` +
          `and nobody can log in to its hosts until they are certified under ${now}`,
      ),
    ),
  ];
  return {
    told,
    before: {
      ...before,
      people: before.people.map((group) => ({ ...group, name: nowOf(people, group.name) })),
      hosts: before.hosts.map((group) => ({ ...group, name: nowOf(hosts, group.name) })),
      access: before.access.map((rule) => ({
        ...rule,
        who: nowOf(people, rule.who),
        on: nowOf(hosts, rule.on),
        forwardTo: rule.forwardTo.map((name) => nowOf(hosts, name)),
      })),
    },
  };
}
