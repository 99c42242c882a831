/** What comes after a first apply: Vault is ready, and knows no host and nobody yet. */
import { inWords } from "./changes/words.js";
import type { Fleet } from "./fleet.js";
import { ownMethods } from "./vault-names.js";

/**
 * @param page the docs that show how, as they are named here
 * @example describeNextSteps(fleet, "docs/fleet-by-hand.md")[1] // "  give each host of web an identity: \"A host\""
 */
export function describeNextSteps(fleet: Fleet, page: string): readonly string[] {
  const groups = fleet.people.filter((group) => group.members.length + group.identityGroups.length === 0);
  const hasPasswords = ownMethods(fleet).some(({ method }) => method === "userpass");
  const people = hasPasswords && groups.length > 0 ? [`  let people of ${named(groups)} sign in: "A person"`] : [];
  return [
    `next, with the vault command, as ${page} shows:`,
    `  give each host of ${named(fleet.hosts)} an identity: "A host"`,
    ...people,
  ];
}

const most = 3;
const named = (groups: readonly { readonly name: string }[]): string =>
  inWords(
    groups.length > most ? [...groups.slice(0, most).map(({ name }) => name), "the others"] : groups.map(({ name }) => name),
  );
