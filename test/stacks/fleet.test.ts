/** What Terraform is told of a fleet, and what it is never told. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Fleet, SignInMethod } from "../../src/fleet/fleet.js";
import { parseFleet } from "../../src/fleet/parse-fleet.js";
import { synthesiseFleet } from "../../src/terraform/synth.js";
import { FleetStack } from "../../stacks/fleet/fleet-stack.js";
import { testApp } from "../support/cdktf.js";
import { fleetText } from "../support/fleet.js";

const fleet = parseFleet(fleetText("https://vault.example.org:8200"), "ssh-trust.yaml");
const state = { backend: "local", settings: { path: "ssh-trust.tfstate" } };

type Resources = Record<string, Record<string, Record<string, unknown>>>;
interface Synthesised {
  readonly resource: Resources;
  readonly data?: Resources;
  readonly terraform: { readonly backend: unknown; readonly required_providers: unknown };
  readonly provider: unknown;
}
const synth = (changed: Partial<Fleet> = {}, at = state): Synthesised =>
  JSON.parse(
    Testing.synth(
      new FleetStack(testApp(), "fleet", {
        fleet: { ...fleet, ...changed },
        state: at,
        provider: "5.9.0",
      }),
    ),
  ) as Synthesised;

describe("never", () => {
  const oidc: SignInMethod = {
    method: "oidc",
    ours: true,
    path: "ssh-trust/oidc",
    session: 3600,
    issuer: "https://id.example.org",
    clientId: "ssh-trust",
    scopes: [],
    userClaim: "sub",
    groupsClaim: "groups",
    algorithms: ["RS256"],
  };

  test("a signing key, a secret id, or a connection to a provider, which has a secret", () => {
    expect(Object.keys(synth({ signIn: [...fleet.signIn, oidc] }).resource).sort()).toEqual([
      "vault_auth_backend",
      "vault_identity_group",
      "vault_identity_mfa_login_enforcement",
      "vault_identity_mfa_totp",
      "vault_jwt_auth_backend_role",
      "vault_kv_secret_backend_v2",
      "vault_mount",
      "vault_policy",
      "vault_quota_rate_limit",
      "vault_ssh_secret_backend_role",
    ]);
  });

  test("who is in a group of people", () => {
    for (const group of Object.values(synth().resource["vault_identity_group"] ?? {})) {
      expect(group).toMatchObject({ external_member_entity_ids: true });
      expect(group).not.toHaveProperty("member_entity_ids");
    }
  });

  test("a mount that a plan may destroy", () => {
    const mounts = synth().resource["vault_mount"] ?? {};
    expect(Object.keys(mounts)).toEqual(["host-ca", "store", "user-ca"]);
    for (const mount of Object.values(mounts)) expect(mount).toMatchObject({ lifecycle: { prevent_destroy: true } });
  });

  test("one thing by two names' same letters: a domain with an underscore, and one with a dot there", () => {
    const { resource } = synth({ domains: ["a_b.org", "a.b.org"], hosts: [], access: [] });
    const hosts = Object.values(resource["vault_auth_backend"] ?? {}).map(({ path }) => path);
    expect(hosts).toEqual(expect.arrayContaining(["ssh-trust/hosts/a_b.org", "ssh-trust/hosts/a.b.org"]));
    const limits = Object.values(resource["vault_quota_rate_limit"] ?? {}).map(({ name }) => name);
    expect(limits).toEqual(
      expect.arrayContaining(["a_b.org", "a.b.org"].map((each) => `ssh-trust-limit-auth.ssh-trust.hosts.${each}`)),
    );
  });

  test("a rate limit in a namespace: only the root namespace has them", () => {
    expect(synth({ namespace: "team-a" }).resource).not.toHaveProperty("vault_quota_rate_limit");
  });

  test("a mount of a method that Vault has already: it is only asked for its accessor", () => {
    const changed: Partial<Fleet> = {
      signIn: [{ method: "oidc", ours: false, path: "corp/oidc" }],
      people: [{ name: "platform", members: [{ method: "oidc", group: "Team A" }], identityGroups: ["admins"] }],
      access: fleet.access.filter(({ who }) => who === "platform"),
    };
    const { resource, data } = synth(changed);
    expect(Object.keys(resource["vault_auth_backend"] ?? {})).toEqual(["hosts_example_org"]);
    expect(data).toMatchObject({
      vault_auth_backend: { "sign-in_oidc": { path: "corp/oidc" } },
      vault_identity_group: { identity_admins: { group_name: "admins" } },
    });
    expect(resource["vault_identity_group_alias"]).toEqual({
      oidc__54_eam_20__41_: expect.objectContaining({
        name: "Team A",
        mount_accessor: "${data.vault_auth_backend.sign-in_oidc.accessor}",
      }),
    });
  });

  test.each([
    ["a wildcard among the other names", { hosts: fleet.hosts.map((group) => ({ ...group, also: ["*.example.org"] })) }],
    ["an account that is a list", { access: fleet.access.map((rule) => ({ ...rule, as: ["deploy,root"] })) }],
    ["a rule without accounts", { access: fleet.access.map((rule) => ({ ...rule, as: [] })) }],
    ["a life of nothing", { access: fleet.access.map((rule) => ({ ...rule, for: 0 })) }],
    ["a domain that a template could be in", { hosts: fleet.hosts.map((group) => ({ ...group, domain: "{{identity}}" })) }],
  ] as const)("%s: a file that was not checked ends here", (_what, changed) => {
    expect(() => synth(changed as Partial<Fleet>)).toThrow(TypeError);
  });
});

test("state and provider: whole names, an exact version, no token of its own", () => {
  const s3 = { backend: "s3", settings: { bucket: "b", key: "k", use_lockfile: true } };
  expect(synth({}, s3 as unknown as typeof state)).toMatchObject({
    terraform: {
      backend: { s3: s3.settings },
      required_providers: { vault: { source: "registry.terraform.io/hashicorp/vault", version: "5.9.0" } },
    },
    provider: { vault: [{ skip_child_token: true }] },
  });
});

describe("written to a folder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-trust-synth-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = () => join(folder, "stacks/fleet/cdk.tf.json");
  const write = async (changed: Partial<Fleet> = {}) => {
    await synthesiseFleet({ fleet: { ...fleet, ...changed }, state, provider: "5.9.0" }, folder);
    return { text: await readFile(file(), "utf8"), at: (await stat(file())).mtimeMs };
  };

  test("once, while neither the fleet nor the file changes; anew where either does", async () => {
    const first = await write();
    expect(await write()).toEqual(first);
    const changed = await write({ limits: { signIn: 1, sign: 2, store: 3 } });
    expect(changed.text).not.toBe(first.text);
    expect((await write()).text).toBe(first.text);
    await writeFile(file(), first.text.replace("deploy@web", "root@web"));
    expect((await write()).text).toBe(first.text);
    await rm(file());
    expect((await write()).text).toBe(first.text);
  }, 180_000);
});
