/** What Terraform is told by its environment, and what it is not. */
import { withoutProxy } from "../settings/proxy.js";
import type { VaultSettings } from "../settings/vault.js";

export interface TerraformSettings {
  /** The CLI configuration that says where the provider comes from. */
  readonly cliConfig: string;
  /** Where the provider finds Vault; the token goes through the environment, never into a file. */
  readonly vault: Pick<VaultSettings, "address" | "namespace" | "tls"> & { readonly token: string };
}

/**
 * By these, its client would go another way than ours, or trust others; its log would hold the token; it would do something else
 * than it is told, or in another place: it does not get them.
 */
const otherWays = [
  "TERRAFORM_VAULT_NAMESPACE_IMPORT",
  "TERRAFORM_VAULT_SKIP_CHILD_TOKEN",
  "TF_CLI_ARGS",
  "TF_CLI_ARGS_apply",
  "TF_CLI_ARGS_init",
  "TF_CLI_ARGS_plan",
  "TF_CLI_ARGS_show",
  "TF_CLI_ARGS_state_pull",
  "TF_CLI_ARGS_untaint",
  "TF_DATA_DIR",
  "TF_LOG",
  "TF_LOG_CORE",
  "TF_LOG_PATH",
  "TF_LOG_PROVIDER",
  "TF_WORKSPACE",
  "VAULT_AGENT_ADDR",
  "VAULT_PROXY_ADDR",
  "VAULT_HTTP_PROXY",
  "VAULT_SRV_LOOKUP",
  "VAULT_CAPATH",
  "VAULT_CACERT_BYTES",
  "VAULT_SKIP_VERIFY",
];

/** What Terraform and Vault's provider are told, in addition to our own environment: https://registry.terraform.io/providers/hashicorp/vault */
export function terraformEnvironment({ cliConfig, vault }: TerraformSettings): Record<string, string | undefined> {
  const { address, token, namespace, tls } = vault;
  return {
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    // Its reads meet the fleet's own rate limits, and wait for them; two tries, as usual, are not enough for a large fleet.
    VAULT_MAX_RETRIES: "15",
    VAULT_ADDR: address,
    VAULT_TOKEN: token,
    VAULT_NAMESPACE: namespace,
    VAULT_CACERT: tls.caCert,
    VAULT_CLIENT_CERT: tls.client?.cert,
    VAULT_CLIENT_KEY: tls.client?.key,
    VAULT_TLS_SERVER_NAME: tls.serverName,
    ...Object.fromEntries(otherWays.map((name) => [name, undefined])),
    // Our own client goes to Vault by no proxy; an http:// one would read the token. A state that is elsewhere may go by one.
    ...withoutProxy(address),
  };
}
