/** What Terraform is told of the cloud's machines: a role whose names are templates, and tokens that can nothing else. */
import { Testing } from "cdktf";
import { expect, test } from "@jest/globals";
import { cloudRole, cloudTokens } from "../../lab/roles.js";
import { MachinesStack } from "../../stacks/machines.js";

const stack = new MachinesStack(Testing.stubVersion(Testing.app()), "cloud-hosts", { role: cloudRole, tokens: cloudTokens });
const { resource } = JSON.parse(Testing.synth(stack)) as {
  resource: Record<string, Record<string, Record<string, unknown>>>;
};

test("a role, a policy, a token role, and never a mount or a signing key", () => {
  expect(Object.keys(resource).sort()).toEqual([
    "vault_policy",
    "vault_ssh_secret_backend_role",
    "vault_token_auth_backend_role",
  ]);
});

test("the role signs host certificates for the asker's own names, neither wildcards nor subdomains", () => {
  expect(resource["vault_ssh_secret_backend_role"]?.["role"]).toMatchObject({
    name: "cloud-host",
    backend: "host-ssh",
    key_type: "ca",
    allow_host_certificates: true,
    allow_user_certificates: false,
    allowed_domains: "{{identity.entity.metadata.host}},{{identity.entity.metadata.service}}",
    allowed_domains_template: true,
    allow_bare_domains: true,
    allow_subdomains: false,
    allow_empty_principals: false,
    allow_user_key_ids: false,
    allowed_critical_options: "none@locked",
    allowed_extensions: "",
  });
});

test("the policy allows to sign with that role and to renew the token, and nothing else", () => {
  expect(resource["vault_policy"]?.["policy"]).toEqual({
    name: "ssh-trust-cloud-host",
    policy:
      'path "host-ssh/sign/cloud-host" { capabilities = ["update"] }\n' +
      'path "auth/token/renew-self" { capabilities = ["update"] }\n',
  });
});

test("the tokens have that policy only, are nobody's children, and end a day after their last renewal", () => {
  expect(resource["vault_token_auth_backend_role"]?.["tokens"]).toEqual({
    role_name: "ssh-trust-cloud-host",
    allowed_policies: ["${vault_policy.policy.name}"],
    allowed_entity_aliases: ["ssh-trust-cloud-*"],
    orphan: true,
    token_no_default_policy: true,
    token_period: 86400,
  });
});

test("every name that the role signs comes from an identity", () => {
  for (const principal of cloudRole.principals) expect(principal).toMatch(/^\{\{identity\.entity\.metadata\.[a-z]+\}\}$/);
});
