/**
 * What both CAs share: a mount of the SSH secrets engine and one role.
 *
 * The signing key is not here, and must never be: every change of Terraform's resource for it deletes the key
 * (terraform-provider-vault #2281). It is made once, through Vault's API.
 */
import { Mount } from "@cdktf/provider-vault/lib/mount/index.js";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
import { SshSecretBackendRole } from "@cdktf/provider-vault/lib/ssh-secret-backend-role/index.js";
import { LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { common, type SshRole } from "../src/roles.js";

export interface SshCaProps {
  readonly role: SshRole;
  /** Refuse every plan that would destroy the mount, and with it the CA's key. */
  readonly protect: boolean;
}

export class SshCaStack extends TerraformStack {
  constructor(scope: Construct, id: string, { role, protect }: SshCaProps) {
    super(scope, id);
    new LocalBackend(this, { path: "terraform.tfstate" });
    new VaultProvider(this, "vault", {}); // address and token come from VAULT_ADDR and VAULT_TOKEN
    // CDKTF pins the exact version its bindings were made from.
    this.addOverride("terraform.required_providers.vault.version", "~> 5.6");

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

    const ofHosts = role.certificates === "host";
    const names = role.principals.join(",");
    const sshRole = new SshSecretBackendRole(this, "role", {
      name: role.name,
      backend: mount.path,
      keyType: "ca",
      allowHostCertificates: ofHosts,
      allowUserCertificates: !ofHosts,
      ...(ofHosts
        ? { allowedDomains: names, allowBareDomains: true, allowSubdomains: false }
        : { allowedUsers: names, defaultUser: names, defaultExtensions: { ...role.extensions } }),
      allowedExtensions: "",
      allowedCriticalOptions: common.allowedCriticalOptions,
      allowEmptyPrincipals: false,
      allowUserKeyIds: false,
      keyIdFormat: common.keyIdFormat,
      allowedUserKeyConfig: common.keys.map(({ type, lengths }) => ({ type, lengths: [...lengths] })),
      ttl: String(role.ttl),
      maxTtl: String(role.maxTtl),
      notBeforeDuration: String(common.notBefore),
    });
    sshRole.overrideLogicalId("role");
  }
}
