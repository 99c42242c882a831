/**
 * The machines of the small cloud. None of them gets a token that can do more than have its own names signed: the role's
 * names are templates, filled from the identity that a token stands for.
 */
import { Policy } from "@cdktf/provider-vault/lib/policy/index.js";
import { TokenAuthBackendRole } from "@cdktf/provider-vault/lib/token-auth-backend-role/index.js";
import type { Construct } from "constructs";
import { cloudRole, cloudTokens } from "../src/roles.js";
import { sshRole } from "./ssh-role.js";
import { VaultStack } from "./vault-stack.js";

export class CloudHostsStack extends VaultStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    sshRole(this, cloudRole, cloudRole.mount);

    const policy = new Policy(this, "policy", {
      name: cloudTokens.name,
      policy: [`${cloudRole.mount}/sign/${cloudRole.name}`, "auth/token/renew-self"]
        .map((path) => `path "${path}" { capabilities = ["update"] }\n`)
        .join(""),
    });
    policy.overrideLogicalId("policy");

    new TokenAuthBackendRole(this, "tokens", {
      roleName: cloudTokens.name,
      allowedPolicies: [policy.name],
      allowedEntityAliases: [cloudTokens.aliases],
      orphan: true, // a machine's token does not end with the token of whoever launched it
      tokenNoDefaultPolicy: true,
      tokenPeriod: cloudTokens.period,
    }).overrideLogicalId("tokens");
  }
}
