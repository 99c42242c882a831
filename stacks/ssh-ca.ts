/**
 * What both CAs share: a mount of the SSH secrets engine and one role.
 *
 * The signing key is not here, and must never be: every change of Terraform's resource for it deletes the key
 * (terraform-provider-vault #2281). It is made once, through Vault's API.
 */
import { Mount } from "@cdktf/provider-vault/lib/mount/index.js";
import type { Construct } from "constructs";
import type { SshRole } from "../src/roles.js";
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
    const mount = new Mount(this, "mount", {
      path: role.mount,
      type: "ssh",
      description: `signs the keys of SSH ${role.certificates}s`,
      // Without these, an audit log holds only hashes of what was signed for whom.
      auditNonHmacRequestKeys: ["cert_type", "public_key", "ttl", "valid_principals"],
      auditNonHmacResponseKeys: ["serial_number", "signed_key"],
      lifecycle: { preventDestroy: protect },
    });
    mount.overrideLogicalId("mount");

    sshRole(this, role, mount.path);
  }
}
