/**
 * What both CAs share: a mount of the SSH secrets engine and one role.
 *
 * The signing key is not here, and must never be: every change of Terraform's resource for it deletes the key
 * (terraform-provider-vault #2281). It is made once, through Vault's API.
 */
import type { Construct } from "constructs";
import type { SshRole } from "../src/roles.js";
import { sshMount } from "./ssh-mount.js";
import { sshRole } from "./ssh-role.js";
import { VaultStack } from "./vault-stack.js";

export interface SshCaProps {
  readonly role: SshRole;
  /** Refuse every plan that would destroy the mount, and with it the CA's key. */
  readonly protect: boolean;
}

export class SshCaStack extends VaultStack {
  constructor(scope: Construct, id: string, { role, protect }: SshCaProps) {
    super(scope, id);
    const mount = sshMount(this, "mount", { path: role.mount, certificates: role.certificates, protect });
    sshRole(this, role, mount.path);
  }
}
