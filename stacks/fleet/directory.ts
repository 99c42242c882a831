/** By what people prove to the directory who they are: tokens that Vault signs, good for the directory and for nothing else. */
import { IdentityOidcKey } from "@cdktf/provider-vault/lib/identity-oidc-key/index.js";
import { IdentityOidcRole } from "@cdktf/provider-vault/lib/identity-oidc-role/index.js";
import type { Construct } from "constructs";
import type { Fleet } from "../../src/fleet/fleet.js";
import { directoryRole } from "../../src/fleet/vault-names.js";

/** A program asks for one with each call, or each few minutes. */
const life = 300;
const day = 24 * 3600;

export function addDirectory(scope: Construct, { directory }: Fleet): void {
  if (directory === undefined) return;
  const key = new IdentityOidcKey(scope, "directory-key", {
    name: directoryRole,
    algorithm: "ES256",
    allowedClientIds: [directoryRole],
    rotationPeriod: 30 * day,
    verificationTtl: day,
  });
  key.overrideLogicalId("directory");
  new IdentityOidcRole(scope, "directory-role", {
    name: directoryRole,
    key: key.name,
    clientId: directoryRole,
    ttl: life,
    template: '{"name": {{identity.entity.name}}, "groups": {{identity.entity.groups.names}}}',
  }).overrideLogicalId("directory");
}
