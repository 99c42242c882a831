/**
 * Machines that each have an identity. None of them gets a token that can do more than have its own names signed: the role's
 * names are templates, filled from the identity that a token stands for.
 */
import { Policy } from "@cdktf/provider-vault/lib/policy/index.js";
import { TokenAuthBackendRole } from "@cdktf/provider-vault/lib/token-auth-backend-role/index.js";
import type { Construct } from "constructs";
import type { MachineTokens, SshRole } from "../src/roles.js";
import { sshRole } from "./ssh-role.js";
import { VaultStack } from "./vault-stack.js";

export interface MachinesProps {
  readonly role: SshRole;
  readonly tokens: MachineTokens;
}

export class MachinesStack extends VaultStack {
  constructor(scope: Construct, id: string, { role, tokens }: MachinesProps) {
    super(scope, id);
    sshRole(this, role, role.mount);

    const policy = new Policy(this, "policy", {
      name: tokens.name,
      policy: [`${role.mount}/sign/${role.name}`, "auth/token/renew-self"]
        .map((path) => `path "${path}" { capabilities = ["update"] }\n`)
        .join(""),
    });
    policy.overrideLogicalId("policy");

    new TokenAuthBackendRole(this, "tokens", {
      roleName: tokens.name,
      allowedPolicies: [policy.name],
      allowedEntityAliases: [tokens.aliases],
      orphan: true, // a machine's token does not end with the token of whoever launched it
      tokenNoDefaultPolicy: true,
      tokenPeriod: tokens.period,
    }).overrideLogicalId("tokens");
  }
}
