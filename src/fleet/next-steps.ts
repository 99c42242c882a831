/** What comes after a first apply: Vault is ready, and knows no host and nobody yet. */
import { inWords } from "./changes/words.js";
import type { Fleet } from "./fleet.js";
import { ownMethods } from "./vault-names.js";

/** How hosts are added, how machines are started that enrol themselves, and how people are invited, as it is typed. */
export interface NextVerbs {
  readonly add: string;
  readonly template: string;
  readonly invite: string;
}

/**
 * @example describeNextSteps(fleet, { add: "ssh-trust host add NAME --out FILE", template, invite })[1]
 * // "  give each host of web an identity: ssh-trust host add NAME --out FILE"
 */
export function describeNextSteps(fleet: Fleet, { add, template, invite }: NextVerbs): readonly string[] {
  const groups = fleet.people.filter((group) => group.members.length + group.identityGroups.length === 0);
  const hasPasswords = ownMethods(fleet).some(({ method }) => method === "userpass");
  const people = hasPasswords && groups.length > 0 ? [`  invite people of ${named(groups)}: ${invite}`] : [];
  const byToken = fleet.hosts.filter(({ jwt }) => jwt !== undefined);
  const oneByOne = fleet.hosts.filter(({ jwt }) => jwt === undefined);
  return [
    "next:",
    ...hostStep(oneByOne, (which) => `give each host of ${which} an identity: ${add}`),
    ...hostStep(byToken, (which) => `start machines of ${which} with what they enrol themselves by: ${template}`),
    ...people,
  ];
}

const hostStep = (groups: Fleet["hosts"], say: (which: string) => string) =>
  groups.length === 0 ? [] : [`  ${say(named(groups))}`];

const most = 3;
const named = (groups: readonly { readonly name: string }[]): string =>
  inWords(
    groups.length > most ? [...groups.slice(0, most).map(({ name }) => name), "the others"] : groups.map(({ name }) => name),
  );
