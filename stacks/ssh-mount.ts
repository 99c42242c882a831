import { Mount } from "@cdktf/provider-vault/lib/mount/index.js";
import type { Construct } from "constructs";
import type { SshRole } from "../src/roles.js";

export interface SshMountProps {
  readonly path: string;
  readonly certificates: SshRole["certificates"];
  /** Refuse every plan that would destroy the mount, and with it the CA's key. */
  readonly protect: boolean;
}

/** A mount of the SSH secrets engine. @param id of the construct, and its name in Terraform */
export function sshMount(scope: Construct, id: string, { path, certificates, protect }: SshMountProps): Mount {
  const mount = new Mount(scope, id, {
    path,
    type: "ssh",
    description: `signs the keys of SSH ${certificates}s`,
    // Without these, an audit log holds only hashes of what was signed for whom.
    auditNonHmacRequestKeys: ["cert_type", "public_key", "ttl", "valid_principals"],
    auditNonHmacResponseKeys: ["serial_number", "signed_key"],
    lifecycle: { preventDestroy: protect },
  });
  mount.overrideLogicalId(id);
  return mount;
}
