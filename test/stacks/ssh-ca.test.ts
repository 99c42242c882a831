/** What Terraform is told, attribute by attribute: nothing more, nothing less. */
import { Testing } from "cdktf";
import { describe, expect, test } from "@jest/globals";
import { hostRole, userRole } from "../../lab/roles.js";
import type { SshRole } from "../../src/roles.js";
import { SshCaStack } from "../../stacks/ssh-ca.js";
import { testApp } from "../support/cdktf.js";

interface Synthesised {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly provider: unknown;
  readonly terraform: unknown;
}

function synth(role: SshRole, protect: boolean): Synthesised {
  const stack = new SshCaStack(testApp(), role.mount, { role, protect });
  return JSON.parse(Testing.synth(stack)) as Synthesised;
}

const auditKeys = {
  audit_non_hmac_request_keys: ["cert_type", "public_key", "ttl", "valid_principals"],
  audit_non_hmac_response_keys: ["serial_number", "signed_key"],
};
const common = {
  backend: "${vault_mount.mount.path}",
  key_type: "ca",
  allowed_extensions: "",
  allowed_critical_options: "none@locked",
  allow_empty_principals: false,
  allow_user_key_ids: false,
  key_id_format: "{{role_name}}:{{token_display_name}}:{{public_key_hash}}",
  allowed_user_key_config: [
    { type: "rsa", lengths: [2048, 3072, 4096] },
    { type: "ecdsa", lengths: [256, 384, 521] },
    { type: "ed25519", lengths: [0] },
  ],
  not_before_duration: "30",
};

const expected = [
  {
    role: hostRole,
    mount: { path: "host-ssh", type: "ssh", description: "signs the keys of SSH hosts", ...auditKeys },
    attributes: {
      ...common,
      name: "host-ssh",
      allow_host_certificates: true,
      allow_user_certificates: false,
      allowed_domains: "localhost",
      allow_bare_domains: true,
      allow_subdomains: false,
      ttl: "86400",
      max_ttl: "172800",
    },
  },
  {
    role: userRole,
    mount: { path: "user-ssh", type: "ssh", description: "signs the keys of SSH users", ...auditKeys },
    attributes: {
      ...common,
      name: "user-ssh",
      allow_host_certificates: false,
      allow_user_certificates: true,
      allowed_users: "admin-ssh-user",
      default_user: "admin-ssh-user",
      default_extensions: { "permit-pty": "" },
      ttl: "900",
      max_ttl: "3600",
    },
  },
];

describe.each(expected)("the stack $mount.path", ({ role, mount, attributes }) => {
  test("declares one mount and one role, and never a signing key", () => {
    const { resource } = synth(role, true);
    expect(Object.keys(resource).sort()).toEqual(["vault_mount", "vault_ssh_secret_backend_role"]);
    expect(JSON.stringify(resource)).not.toContain("secret_backend_ca");
  });

  test.each([true, false])("the mount, protected: %s", (protect) => {
    expect(synth(role, protect).resource["vault_mount"]).toEqual({
      mount: { ...mount, lifecycle: { prevent_destroy: protect } },
    });
  });

  test("the role", () => {
    expect(synth(role, true).resource["vault_ssh_secret_backend_role"]).toEqual({ role: attributes });
  });

  test("address and token are left to the environment", () => {
    const { provider } = synth(role, true);
    expect(provider).toEqual({ vault: [{}] });
  });

  test("any provider of the bindings' major version will do, with the state beside the stack", () => {
    expect(synth(role, true).terraform).toEqual({
      backend: { local: { path: "terraform.tfstate" } },
      required_providers: { vault: { source: "hashicorp/vault", version: "~> 5.6" } },
    });
  });
});

test.each(expected)("the role of $mount.path signs for names only, and for a limited time", ({ role }) => {
  expect(role.principals.length).toBeGreaterThan(0);
  for (const principal of role.principals) expect(principal).toMatch(/^[a-z][a-z0-9.-]*$/);
  expect(role.ttl).toBeLessThanOrEqual(role.maxTtl);
  expect(role.maxTtl).toBeLessThanOrEqual(role.certificates === "user" ? 3600 : 48 * 3600);
});
