import { VaultProvider } from "@cdktf/provider-vault/lib/provider/index.js";
import { TerraformBackend, TerraformStack, type TerraformRemoteState } from "cdktf";
import type { Construct } from "constructs";

/** Where Terraform keeps its state: a backend by its name, with its settings. */
export interface State {
  readonly backend: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface VaultStackProps {
  /** A file in the stack's own folder where it is left out. */
  readonly state?: State;
  /** The provider's version; CDKTF would pin the exact one that its bindings were made from. */
  readonly provider?: { readonly source: string; readonly version: string; readonly skipChildToken: boolean };
}

/** State and provider, the same for every stack. */
export class VaultStack extends TerraformStack {
  constructor(scope: Construct, id: string, { state, provider }: VaultStackProps = {}) {
    super(scope, id);
    new Backend(this, state ?? { backend: "local", settings: { path: "terraform.tfstate" } });
    // Address and token come from VAULT_ADDR and VAULT_TOKEN.
    new VaultProvider(this, "vault", provider === undefined ? {} : { skipChildToken: provider.skipChildToken });
    this.addOverride("terraform.required_providers.vault.version", provider?.version ?? "~> 5.6");
    if (provider !== undefined) this.addOverride("terraform.required_providers.vault.source", provider.source);
  }
}

/** Any backend by its name: CDKTF's classes are for some of them, with names of their own for the settings. */
class Backend extends TerraformBackend {
  private readonly settings: State["settings"];

  constructor(scope: Construct, { backend, settings }: State) {
    super(scope, "backend", backend);
    this.settings = settings;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.settings };
  }

  /** Of CDKTF: for stacks that read one another, which none here does. */
  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new TypeError("no stack reads another's state");
  }
}
