/**
 * A fleet file as Vault's configuration. Neither a signing key nor any other secret is here: Terraform would keep it in its state,
 * and every change of its resource for a signing key deletes the key (terraform-provider-vault #2281).
 */
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Fleet } from "../../src/fleet/fleet.js";
import { VaultStack, type State } from "../vault-stack.js";
import { addCas } from "./cas.js";
import { addDirectory } from "./directory.js";
import { addGroups } from "./people.js";
import { addSignIn } from "./sign-in.js";
import { addLimits, addStore } from "./store.js";

export interface FleetStackProps {
  readonly fleet: Fleet;
  readonly state: State;
  /** The provider's version, such as "5.9.0". */
  readonly provider: string;
  /** Which server it is for, as an output of the same name. */
  readonly server?: Readonly<Record<string, string>> | undefined;
}

export class FleetStack extends VaultStack {
  constructor(scope: Construct, id: string, { fleet, state, provider, server }: FleetStackProps) {
    const source = "registry.terraform.io/hashicorp/vault"; // whole: OpenTofu would look for "hashicorp/vault" elsewhere
    // A child token needs another policy, and ends an apply after 20 minutes.
    super(scope, id, { state, provider: { source, version: provider, skipChildToken: true } });
    addCas(this, fleet);
    addSignIn(this, fleet);
    addGroups(this, fleet);
    addDirectory(this, fleet);
    addStore(this);
    addLimits(this, fleet);
    if (server !== undefined) new TerraformOutput(this, "server", { value: server });
  }
}
