/** Groups of hosts, and the names that the host CA vouches for. */
import { formatDuration } from "../../ground/duration.js";
import type { HostGroup } from "../fleet.js";
import { describeTokens, sayTokens } from "./host-tokens.js";
import { changes, grants, lasts, unlessSame, withdraws, type Change } from "./change.js";
import { matchBy, unique, without } from "./compare.js";
import { inWords } from "./words.js";

export const describeDomains = (before: readonly string[], after: readonly string[]): readonly Change[] => [
  ...unique(without(before, after)).map((domain) =>
    withdraws(`the host CA no longer vouches for names below ${domain}, and its hosts lose their identities`),
  ),
  ...unique(without(after, before)).map((domain) => grants(`the host CA now vouches for names below ${domain}`)),
];

export function describeHosts(before: readonly HostGroup[], after: readonly HostGroup[]): readonly Change[] {
  const { removed, added, both } = matchBy(before, after, (group) => group.name);
  return [
    ...removed.map(({ name, names }) =>
      withdraws(`the group ${name} of hosts is gone: hosts named ${inWords(unique(names))} are no longer in it`),
    ),
    ...added.map((group) => grants(`the group ${group.name} of hosts is new: ${sayGroup(group)}`)),
    ...both.flatMap(([was, now]) => describeGroup(was, now)),
  ];
}

function sayGroup({ names, also, accounts, for: life, jwt }: HostGroup): string {
  const more = also.length === 0 ? "" : `, which may also use ${sayNames(unique(also))}`;
  const tokens = jwt === undefined ? "" : `; machines enrol themselves ${sayTokens(jwt)}`;
  return `hosts named ${inWords(unique(names))}${more}, accounts ${inWords(unique(accounts))}, certificates of ${formatDuration(life)}${tokens}`;
}

const sayNames = (names: readonly string[]) => `the ${names.length > 1 ? "names" : "name"} ${inWords(names)}`;

function describeGroup(before: HostGroup, after: HostGroup): readonly Change[] {
  const { name } = after;
  const noLonger = unique(without(before.also, after.also));
  const newly = unique(without(after.also, before.also));
  return [
    ...describeNames(before, after),
    ...(noLonger.length > 0 ? [withdraws(`hosts of ${name} may no longer use ${sayNames(noLonger)}`)] : []),
    ...(newly.length > 0 ? [grants(`hosts of ${name} may also use ${sayNames(newly)}`)] : []),
    ...unlessSame(before.domain, after.domain, (was, now) => changes(`${name}: its hosts are now below ${now}, not ${was}`)),
    // an account alone opens nothing: rules do, and are told of their own
    ...unique(without(before.accounts, after.accounts)).map((account) =>
      changes(`${name}: it no longer has the account ${account}`),
    ),
    ...unique(without(after.accounts, before.accounts)).map((account) => changes(`${name}: it now has the account ${account}`)),
    ...unlessSame(before.for, after.for, (was, now) =>
      lasts(was, now, `${name}: certificates of its hosts are now valid for ${formatDuration(now)}, not ${formatDuration(was)}`),
    ),
    ...unlessSame(before.forget, after.forget, (was, now) =>
      changes(`${name}: its hosts are now listed as silent after ${formatDuration(now)}, not ${formatDuration(was)}`),
    ),
    ...describeTokens(name, before.jwt, after.jwt),
  ];
}

function describeNames(before: HostGroup, after: HostGroup): readonly Change[] {
  const gone = unique(without(before.names, after.names));
  const come = unique(without(after.names, before.names));
  if (gone.length + come.length === 0) return [];
  const lost = gone.filter((pattern) => !isCovered(pattern, after.names));
  const wider = come.some((pattern) => !isCovered(pattern, before.names));
  const now = `${after.name}: its hosts are now named ${inWords(unique(after.names))}`;
  const others = wider ? [grants(now)] : come.length > 0 || lost.length < gone.length ? [changes(now)] : [];
  return [...(lost.length > 0 ? [withdraws(`hosts named ${inWords(lost)} are no longer in ${after.name}`)] : []), ...others];
}

/** Two patterns together may cover one that neither covers alone: that is not seen, and told as names that are gone or new. */
const isCovered = (pattern: string, by: readonly string[]): boolean => by.some((wide) => covers(wide, pattern));

/**
 * Whether a pattern matches all that another one does. The other is read as a name, whose stars only a star matches. It takes no longer
 * for patterns with many stars: the file that is reviewed may be a stranger's.
 */
function covers(wide: string, narrow: string): boolean {
  const characters = Array.from(narrow);
  /** Whether what has been read of the wide one matches that many characters of the narrow one. */
  let reached = [true, ...characters.map(() => false)];
  for (const here of wide) {
    const first = reached.indexOf(true);
    if (here === "*") reached = reached.map((_, at) => first >= 0 && at >= first);
    else
      reached = [
        false,
        ...characters.map((other, at) => reached[at] === true && (here === "?" ? other !== "*" : here === other)),
      ];
  }
  return reached.at(-1) === true;
}
