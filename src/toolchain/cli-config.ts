import { registries } from "./registry.js";

const sources = Object.values(registries).map((host) => `${host}/hashicorp/vault`);

/**
 * The configuration file that TF_CLI_CONFIG_FILE is to name, for Terraform and OpenTofu alike.
 * @param mirror the folder that holds Vault's provider; undefined: it comes from the registry
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function renderCliConfig(mirror: string | undefined): string {
  const lines = ["disable_checkpoint = true"];
  if (mirror !== undefined) {
    const ours = JSON.stringify(sources);
    lines.push(
      "",
      "provider_installation {",
      "  filesystem_mirror {",
      `    path    = ${JSON.stringify(mirror)}`,
      `    include = ${ours}`,
      "  }",
      "  direct {",
      `    exclude = ${ours}`,
      "  }",
      "}",
    );
  }
  return lines.join("\n") + "\n";
}
