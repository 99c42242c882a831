/** What comes after a first apply: Vault is ready, and knows no host and nobody yet. */
import { inWords } from "./changes/words.js";
import type { Fleet } from "./fleet.js";
import { ownMethods } from "./vault-names.js";

/**
 * @param page the docs that show how people are added, as they are named here
 * @param hostVerb how a host is added
 * @example describeNextSteps(fleet, "docs/fleet-by-hand.md", "ssh-trust host add NAME --out FILE")[1]
 * // "  give each host of web an identity: ssh-trust host add NAME --out FILE"
 */
export function describeNextSteps(fleet: Fleet, page: string, hostVerb: string): readonly string[] {
  const groups = fleet.people.filter((group) => group.members.length + group.identityGroups.length === 0);
  const hasPasswords = ownMethods(fleet).some(({ method }) => method === "userpass");
  const people = hasPasswords && groups.length > 0 ? [`  let people of ${named(groups)} sign in, as ${page} shows`] : [];
  return ["next:", `  give each host of ${named(fleet.hosts)} an identity: ${hostVerb}`, ...people];
}

const most = 3;
const named = (groups: readonly { readonly name: string }[]): string =>
  inWords(
    groups.length > most ? [...groups.slice(0, most).map(({ name }) => name), "the others"] : groups.map(({ name }) => name),
  );
