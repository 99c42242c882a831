/** The two CAs of a fleet: a role for each group of hosts, one for each rule, and one more for each reserve. */
import type { Construct } from "constructs";
import type { Fleet, HostGroup } from "../../src/fleet/fleet.js";
import { hostTemplate } from "../../src/fleet/policies/hosts.js";
import { userRoleOf } from "../../src/fleet/user-role.js";
import { reserveRoleOf, roleOf } from "../../src/fleet/vault-names.js";
import type { SshRole } from "../../src/roles.js";
import { sshMount } from "../ssh-mount.js";
import { sshRole } from "../ssh-role.js";
import { accessorOf, idOf } from "./ids.js";

/**
 * The group comes first: role names have no colon, so what stands before the first one is the server's word. The display name
 * comes last: it is the asker's to choose.
 */
const keyIdFormat = "{{role_name}}:{{public_key_hash}}:{{token_display_name}}";

export function addCas(scope: Construct, fleet: Fleet): void {
  const hostCa = sshMount(scope, "host-ca", { path: fleet.mounts.hostCa, certificates: "host", protect: true });
  const userCa = sshMount(scope, "user-ca", { path: fleet.mounts.userCa, certificates: "user", protect: true });
  for (const group of fleet.hosts) fleetRole(scope, hostRole(fleet, group), hostCa.path, idOf("host", group.name));
  for (const rule of fleet.access) {
    fleetRole(scope, userRole(fleet, rule, roleOf(rule), rule.for), userCa.path, idOf("rule", rule.name));
    if (rule.reserve === undefined) continue;
    fleetRole(scope, userRole(fleet, rule, reserveRoleOf(rule), rule.reserve), userCa.path, idOf("reserve", rule.name));
  }
}

function fleetRole(...made: Parameters<typeof sshRole>): void {
  sshRole(...made).algorithmSigner = "default"; // as Vault has it; where it is left out, Terraform does not see another
}

/** A host signs its own name, which its AppRole says, and the other names of its group. */
function hostRole({ mounts }: Fleet, group: HostGroup): SshRole {
  const own = `${hostTemplate(accessorOf(idOf("hosts", group.domain)))}.${group.domain}`;
  return {
    mount: mounts.hostCa,
    name: group.name,
    certificates: "host",
    principals: [own, ...group.also],
    ttl: group.for,
    maxTtl: group.for,
    extensions: {},
    keyIdFormat,
  };
}

const userRole = (...of: Parameters<typeof userRoleOf>): SshRole => ({ ...userRoleOf(...of), keyIdFormat });
