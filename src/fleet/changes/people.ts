/** Groups of people: which there are, and whose members belong to them. */
import { printable } from "../../ground/printable.js";
import type { PeopleGroup } from "../fleet.js";
import { grants, withdraws, type Change } from "./change.js";
import { matchBy, without } from "./compare.js";
import { inWords, sourcesOf } from "./words.js";

export function describePeople(before: readonly PeopleGroup[], after: readonly PeopleGroup[]): readonly Change[] {
  const { removed, added, both } = matchBy(before, after, (group) => group.name);
  return [
    ...removed.map(({ name }) => withdraws(`the group ${name} of people is gone, and who was in it`)),
    ...added.map((group) => grants(`the group ${group.name} of people is new${sayMembers(group)}`)),
    ...both.flatMap(([was, now]) => [
      ...without(sourcesOf(was), sourcesOf(now)).map((source) =>
        withdraws(`members of ${printable(source)} no longer belong to ${now.name}`),
      ),
      ...without(sourcesOf(now), sourcesOf(was)).map((source) =>
        grants(`members of ${printable(source)} now belong to ${now.name}`),
      ),
    ]),
  ];
}

function sayMembers(group: PeopleGroup): string {
  const sources = sourcesOf(group);
  return sources.length === 0 ? "" : `: members of ${inWords(sources.map(printable))} belong to it`;
}
