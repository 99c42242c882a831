import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
import { LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** State and provider, the same for every stack. */
export class VaultStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new LocalBackend(this, { path: "terraform.tfstate" });
    new VaultProvider(this, "vault", {}); // address and token come from VAULT_ADDR and VAULT_TOKEN
    // CDKTF pins the exact version its bindings were made from.
    this.addOverride("terraform.required_providers.vault.version", "~> 5.6");
  }
}
