/** Whom and which groups somebody may name. */
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import { meant } from "../../fleet/mistakes.js";
import { problemOfName } from "../../fleet/names.js";
import { printable } from "../../ground/printable.js";

/** @param removing whether it may be somebody whom an identity provider knows, too. @throws PERSON_NAME_INVALID */
export function checkPersonName(name: string, { removing = false } = {}): void {
  const problem = problemOfName(name);
  if (problem !== undefined) throw fail("PERSON_NAME_INVALID", { name: printable(name), problem, removing });
}

/** @throws PEOPLE_GROUP_UNKNOWN */
export function checkGroups({ people }: Fleet, groups: readonly string[]): void {
  const unknown = groups.find((group) => !people.some(({ name }) => name === group));
  if (unknown === undefined) return;
  const known = meant(
    unknown,
    people.map(({ name }) => name),
  );
  throw fail("PEOPLE_GROUP_UNKNOWN", { group: printable(unknown), known });
}
