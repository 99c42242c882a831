/** Groups of people and of hosts: their policies, and who is in them. Who is in an internal group is not Terraform's to say. */
import { DataVaultIdentityGroup } from "@cdktf/provider-vault/lib/data-vault-identity-group/index.js";
import { IdentityGroup } from "@cdktf/provider-vault/lib/identity-group/index.js";
import { IdentityGroupAlias } from "@cdktf/provider-vault/lib/identity-group-alias/index.js";
import { Policy } from "@cdktf/provider-vault/lib/policy/index.js";
import type { Construct } from "constructs";
import type { Fleet, PeopleGroup } from "../../src/fleet/fleet.js";
import { enrolPolicy, hostPolicy } from "../../src/fleet/policies/hosts.js";
import { peoplePolicy, reservePolicy, signedInPolicy } from "../../src/fleet/policies/people.js";
import { externalGroupOf, groupOf, policyOf, userpassOf } from "../../src/fleet/vault-names.js";
import { accessorOf, foreignIdOf, idOf } from "./ids.js";
import { accessorOfExisting, accessorOfMethod } from "./sign-in.js";

/** Says in an identity group's metadata that it is this project's. */
const metadata = { made_by: "ssh-trust" };

export function addGroups(scope: Construct, fleet: Fleet): void {
  for (const group of fleet.hosts) {
    const accessor = accessorOf(idOf("hosts", group.domain));
    addPolicy(scope, idOf("host", group.name), policyOf.host(group.name), hostPolicy(fleet, group, accessor));
    if (group.jwt === undefined) continue;
    const policy = enrolPolicy(group, accessorOfExisting(group.jwt.mount));
    addPolicy(scope, idOf("enrol", group.name), policyOf.enrol(group.name), policy);
  }
  const passwords = userpassOf(fleet);
  const signedInText = signedInPolicy(fleet, passwords === undefined ? undefined : accessorOfMethod(passwords));
  const signedIn = addPolicy(scope, "signed-in", policyOf.signedIn, signedInText);
  const providers = externalGroups(scope, fleet);
  const known = knownGroups(scope, fleet);
  for (const group of fleet.people) {
    const own = addPolicy(scope, idOf("people", group.name), policyOf.people(group.name), peoplePolicy(fleet, group.name));
    const reserves = fleet.access
      .filter(({ who, reserve }) => who === group.name && reserve !== undefined)
      .map((rule) => addPolicy(scope, idOf("reserve", rule.name), policyOf.reserve(rule.name), reservePolicy(fleet, rule)));
    new IdentityGroup(scope, idOf("people-group", group.name), {
      name: groupOf(group.name),
      type: "internal",
      policies: [own, signedIn, ...reserves].map(({ name }) => name),
      metadata,
      externalMemberEntityIds: true,
      memberGroupIds: [
        ...group.members.map(({ method, group: name }) => providers.get(externalGroupOf(method, name)) ?? ""),
        ...group.identityGroups.map((name) => known.get(name) ?? ""),
      ],
    }).overrideLogicalId(idOf("people-group", group.name));
  }
}

function addPolicy(scope: Construct, id: string, name: string, policy: string): Policy {
  const made = new Policy(scope, `policy-${id}`, { name, policy });
  made.overrideLogicalId(id);
  return made;
}

/**
 * A provider's group, once for all groups of people that it belongs to: an alias can be one group's only.
 * @returns their ids by their names
 */
function externalGroups(scope: Construct, fleet: Fleet): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { method, group } of fleet.people.flatMap(({ members }) => members)) {
    const name = externalGroupOf(method, group);
    const signIn = fleet.signIn.find((each) => each.method === method);
    if (ids.has(name) || signIn === undefined) continue;
    const id = foreignIdOf(method, group);
    const made = new IdentityGroup(scope, `external-${id}`, { name, type: "external", metadata });
    made.overrideLogicalId(id);
    const alias = { name: group, mountAccessor: accessorOfMethod(signIn), canonicalId: made.id };
    new IdentityGroupAlias(scope, `alias-${id}`, alias).overrideLogicalId(id);
    ids.set(name, made.id);
  }
  return ids;
}

function knownGroups(scope: Construct, { people }: { readonly people: readonly PeopleGroup[] }): ReadonlyMap<string, string> {
  const names = new Set(people.flatMap(({ identityGroups }) => identityGroups));
  return new Map(
    [...names].map((groupName) => {
      const id = foreignIdOf("identity", groupName);
      const found = new DataVaultIdentityGroup(scope, `known-${id}`, { groupName });
      found.overrideLogicalId(id);
      return [groupName, found.id] as const;
    }),
  );
}
