/** Which of the policies that are printed from the file are others after an apply: nobody but a person writes those to Vault. */
import { sortBy, unique, without } from "./changes/compare.js";
import { inWords } from "./changes/words.js";
import type { Fleet } from "./fleet.js";
import { operatorPolicy } from "./policies/operator.js";
import { peopleRegistrarPolicy } from "./policies/people-registrar.js";
import { registrarPolicy } from "./policies/registrar.js";
import { userpassOf } from "./vault-names.js";

/** Whose policies are printed, and what they are called in a sentence. */
const titles = { operator: "operator", registrar: "registrar", people: "people registrar" } as const;
type Whose = keyof typeof titles;

/** What each is made from, as the file calls it. */
const policies: Readonly<Record<Whose, { readonly text: (fleet: Fleet) => string; readonly names: (fleet: Fleet) => string[] }>> =
  {
    operator: {
      text: operatorPolicy,
      names: ({ signIn, hosts }) => [
        ...signIn.filter(({ path }) => !path.startsWith("ssh-trust/")).map(({ path }) => `sign-in at auth/${path}`),
        ...hosts.flatMap(({ name, jwt }) => (jwt === undefined ? [] : [`the tokens of auth/${jwt.mount} for ${name}`])),
      ],
    },
    registrar: {
      text: registrarPolicy,
      names: ({ hosts }) => [
        ...unique(hosts.map(({ domain }) => `the domain ${domain}`)),
        ...hosts.map(({ name }) => `the group ${name} of hosts`),
      ],
    },
    people: {
      text: peopleRegistrarPolicy,
      names: (fleet) => [
        ...[userpassOf(fleet)].flatMap((method) => (method === undefined ? [] : [`sign-in at auth/${method.path}`])),
        ...fleet.people.map(({ name }) => `the group ${name} of people`),
      ],
    },
  };

/**
 * @param before the fleet as it was applied last
 * @param print how each policy is printed, as it is typed
 * @returns lines; none where all are as before
 * @example describeChangedPolicies(before, after, print)[0]
 * // "the registrar's policy has changed (new: the group pods of hosts). Write it to Vault again, if that is not done yet:"
 */
export function describeChangedPolicies(before: Fleet, after: Fleet, print: Readonly<Record<Whose, string>>): readonly string[] {
  const [was, now] = [inOrder(before), inOrder(after)];
  return (["operator", "registrar", "people"] as const).flatMap((whose) => {
    const { text, names } = policies[whose];
    if (text(was) === text(now)) return [];
    const parts = [["new", without(names(now), names(was))] as const, ["gone", without(names(was), names(now))] as const].flatMap(
      ([what, items]) => (items.length === 0 ? [] : [`${what}: ${inWords(items)}`]),
    );
    const which = parts.length === 0 ? "" : ` (${parts.join("; ")})`;
    return [
      `the ${titles[whose]}'s policy has changed${which}. Write it to Vault again, if that is not done yet:`,
      `  ${print[whose]}`,
    ];
  });
}

/** What stands in another order in the file is no other policy. */
const inOrder = (fleet: Fleet): Fleet => ({
  ...fleet,
  domains: [...fleet.domains].sort(),
  hosts: sortBy(fleet.hosts, ({ name }) => name),
  people: sortBy(fleet.people, ({ name }) => name),
  signIn: sortBy(fleet.signIn, ({ method }) => method),
});
