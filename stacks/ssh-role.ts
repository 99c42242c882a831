import { SshSecretBackendRole } from "@cdktf/provider-vault/lib/ssh-secret-backend-role/index.js";
import type { Construct } from "constructs";
import { common, problemOf, type SshRole } from "../src/roles.js";

/**
 * A role that signs what its data says, and refuses all else.
 * @param id of the construct, and its name in Terraform
 * @throws TypeError for data that no role may have
 */
export function sshRole(scope: Construct, role: SshRole, mount: string, id = "role"): SshSecretBackendRole {
  const problem = problemOf(role);
  if (problem !== undefined) throw new TypeError(`the role "${role.name}" of "${role.mount}": ${problem}`);
  const ofHosts = role.certificates === "host";
  const names = role.principals.join(",");
  const templated = names.includes("{{");
  const made = new SshSecretBackendRole(scope, id, {
    name: role.name,
    backend: mount,
    keyType: "ca",
    allowHostCertificates: ofHosts,
    allowUserCertificates: !ofHosts,
    ...(ofHosts
      ? {
          allowedDomains: names,
          ...(templated ? { allowedDomainsTemplate: true } : {}),
          allowBareDomains: true,
          allowSubdomains: false,
        }
      : {
          allowedUsers: names,
          // With one, Vault signs it where none is asked for.
          ...(role.signsUnasked === false ? {} : { defaultUser: names }),
          defaultExtensions: { ...role.extensions },
        }),
    allowedExtensions: "",
    allowedCriticalOptions: common.allowedCriticalOptions,
    allowEmptyPrincipals: false,
    allowUserKeyIds: false,
    keyIdFormat: role.keyIdFormat ?? common.keyIdFormat,
    allowedUserKeyConfig: common.keys.map(({ type, lengths }) => ({ type, lengths: [...lengths] })),
    ttl: String(role.ttl),
    maxTtl: String(role.maxTtl),
    notBeforeDuration: String(common.notBefore),
  });
  made.overrideLogicalId(id);
  return made;
}
