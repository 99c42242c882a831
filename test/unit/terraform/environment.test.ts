/** What Terraform's own client of Vault is told: the way that ours goes, and no other. */
import { expect, test } from "@jest/globals";
import { terraformEnvironment } from "../../../src/terraform/environment.js";

const vault = { address: "https://vault.example:8200", token: "a-token", namespace: undefined, tls: {} };

test("address, token and files are ours", () => {
  const tls = { caCert: "/ca.pem", client: { cert: "/client.pem", key: "/client.key" }, serverName: "vault.internal" };
  expect(terraformEnvironment({ cliConfig: "/cli.tfrc", vault: { ...vault, namespace: "team", tls } })).toMatchObject({
    TF_CLI_CONFIG_FILE: "/cli.tfrc",
    VAULT_ADDR: "https://vault.example:8200",
    VAULT_TOKEN: "a-token",
    VAULT_NAMESPACE: "team",
    VAULT_CACERT: "/ca.pem",
    VAULT_CLIENT_CERT: "/client.pem",
    VAULT_CLIENT_KEY: "/client.key",
    VAULT_TLS_SERVER_NAME: "vault.internal",
  });
});

test("no proxy is between Terraform and Vault; others go as they went", () => {
  process.env["NO_PROXY"] = "state.example";
  try {
    const { NO_PROXY, no_proxy } = terraformEnvironment({ cliConfig: "/cli.tfrc", vault });
    expect([NO_PROXY, no_proxy]).toEqual(["state.example,vault.example", "state.example,vault.example"]);
  } finally {
    delete process.env["NO_PROXY"];
  }
});

test.each([
  "TERRAFORM_VAULT_NAMESPACE_IMPORT",
  "TERRAFORM_VAULT_SKIP_CHILD_TOKEN",
  "TF_CLI_ARGS",
  "TF_DATA_DIR",
  "TF_LOG",
  "TF_WORKSPACE",
  "VAULT_AGENT_ADDR",
  "VAULT_PROXY_ADDR",
  "VAULT_HTTP_PROXY",
  "VAULT_SRV_LOOKUP",
  "VAULT_CAPATH",
  "VAULT_CACERT_BYTES",
  "VAULT_SKIP_VERIFY",
  // Where the settings have none, the environment's is not taken either.
  "VAULT_NAMESPACE",
  "VAULT_CACERT",
  "VAULT_CLIENT_CERT",
  "VAULT_CLIENT_KEY",
  "VAULT_TLS_SERVER_NAME",
])("%s of the person's environment does not get there", (name) => {
  const environment = terraformEnvironment({ cliConfig: "/cli.tfrc", vault });
  // execa takes away what is there and undefined, and leaves what is not mentioned.
  expect(Object.keys(environment)).toContain(name);
  expect(environment[name]).toBeUndefined();
});
