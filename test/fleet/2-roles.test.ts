/** What `apply` made of a fleet file, read back from both servers: each value as FLEET.md and CASES.md have it. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { applyFleet, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);

/** Every attribute that both servers have, of a role that signs. */
const everyRole = {
  key_type: "ca",
  algorithm_signer: "default",
  allow_bare_domains: false,
  allow_empty_principals: false,
  allow_host_certificates: false,
  allow_subdomains: false,
  allow_user_certificates: false,
  allow_user_key_ids: false,
  allowed_critical_options: "none@locked",
  allowed_domains: "",
  allowed_domains_template: false,
  allowed_extensions: "",
  allowed_user_key_lengths: { rsa: [2048, 3072, 4096], ecdsa: [256, 384, 521], ed25519: [0] },
  allowed_users: "",
  allowed_users_template: false,
  default_critical_options: {},
  default_extensions: {},
  default_extensions_template: false,
  default_user: "",
  default_user_template: false,
  key_id_format: "{{role_name}}:{{public_key_hash}}:{{token_display_name}}",
  not_before_duration: 30,
};

const hostRole = (more: object) => ({
  ...everyRole,
  allow_host_certificates: true,
  allow_bare_domains: true,
  allowed_domains_template: true,
  ttl: 72 * 3600,
  max_ttl: 72 * 3600,
  ...more,
});
const userRole = (life: number, more: object) => ({
  ...everyRole,
  allow_user_certificates: true,
  ttl: life,
  max_ttl: life,
  ...more,
});

const own = "{{identity.entity.aliases.<hosts>.metadata.role_name}}.example.org";
const forwarding = { "permit-pty": "", "permit-port-forwarding": "" };

/** A rate of one address. */
const limit = (path: string, rate: number) => ({
  name: `ssh-trust-limit-${path.replaceAll("/", ".")}`,
  type: "rate-limit",
  path: `${path}/`,
  rate,
  interval: 1,
  block_interval: 0,
  role: "",
  inheritable: false,
});

const signInMount = (description: string, usual: number, longest: number) => ({
  description,
  default_lease_ttl: usual,
  max_lease_ttl: longest,
  force_no_cache: false,
  listing_visibility: "hidden",
  token_type: "default-service",
  allowed_response_headers: [""],
  passthrough_request_headers: [""],
  audit_non_hmac_request_keys: [""],
  audit_non_hmac_response_keys: [""],
});
const caMount = (whose: string) => ({
  description: `signs the keys of SSH ${whose}`,
  default_lease_ttl: 2_764_800,
  max_lease_ttl: 2_764_800,
  force_no_cache: false,
  audit_non_hmac_request_keys: ["cert_type", "public_key", "ttl", "valid_principals"],
  audit_non_hmac_response_keys: ["serial_number", "signed_key"],
});

const group = (name: string, policies: readonly string[]) => ({
  name,
  type: "internal",
  policies,
  metadata: { made_by: "ssh-trust" },
  member_entity_ids: null,
  member_group_ids: null,
  parent_group_ids: null,
  alias: {},
});

/** What is at a path, whole; and what only one of the servers has beside it. `<…>` is an accessor or an id, made by the server. */
type Value = readonly [path: string, data: object, only?: { readonly OpenBao?: object; readonly Vault?: object }];

const onlyOfRoles = {
  OpenBao: {
    issuer_ref: "default",
    allow_commas_in_identity_templates: false,
    allow_wildcards_in_identity_templates: false,
  },
};
const onlyOfLimits = { Vault: { group_by: "ip", secondary_rate: 0 } };

const values: readonly Value[] = [
  ["host-ssh/roles/web", hostRole({ allowed_domains: `${own},www.example.org` }), onlyOfRoles],
  ["host-ssh/roles/db", hostRole({ allowed_domains: own }), onlyOfRoles],
  [
    "user-ssh/roles/platform-web",
    userRole(60, { allowed_users: "deploy@web,ops@web", default_extensions: { "permit-pty": "" } }),
    onlyOfRoles,
  ],
  ["user-ssh/roles/dba-db", userRole(60, { allowed_users: "postgres-admin@db", default_extensions: forwarding }), onlyOfRoles],
  [
    "user-ssh/roles/dba-db_reserve",
    userRole(3600, { allowed_users: "postgres-admin@db", default_extensions: forwarding }),
    onlyOfRoles,
  ],

  ["sys/mounts/host-ssh/tune", caMount("hosts")],
  ["sys/mounts/user-ssh/tune", caMount("users")],
  ["sys/mounts/auth/ssh-trust/hosts/example.org/tune", signInMount("hosts below example.org sign in", 3600, 35 * 86_400)],
  ["sys/mounts/auth/ssh-trust/people/tune", signInMount("people sign in with userpass", 36_000, 36_000)],
  [
    "ssh-trust/config",
    { max_versions: 20, cas_required: false, delete_version_after: "0s" },
    { OpenBao: { metadata_cas_required: false } },
  ],

  [
    "identity/mfa/method/totp/<totp>",
    {
      type: "totp",
      name: "",
      issuer: "ssh-trust",
      algorithm: "SHA1",
      digits: 6,
      period: 30,
      skew: 1,
      key_size: 20,
      qr_size: 200,
      max_validation_attempts: 5,
    },
  ],
  [
    "identity/mfa/login-enforcement/ssh-trust-people",
    {
      name: "ssh-trust-people",
      auth_method_accessors: ["<people>"],
      auth_method_types: [],
      identity_entity_ids: [],
      identity_group_ids: [],
      mfa_method_ids: ["<totp>"],
    },
  ],

  ["identity/group/name/ssh-trust-platform", group("ssh-trust-platform", ["ssh-trust-people-platform", "ssh-trust-signed-in"])],
  [
    "identity/group/name/ssh-trust-dba",
    group("ssh-trust-dba", ["ssh-trust-people-dba", "ssh-trust-reserve-dba-db", "ssh-trust-signed-in"]),
  ],

  [
    "sys/quotas/rate-limit/ssh-trust-limit-auth.ssh-trust.hosts.example.org",
    limit("auth/ssh-trust/hosts/example.org", 20),
    onlyOfLimits,
  ],
  ["sys/quotas/rate-limit/ssh-trust-limit-auth.ssh-trust.people", limit("auth/ssh-trust/people", 20), onlyOfLimits],
  ["sys/quotas/rate-limit/ssh-trust-limit-host-ssh", limit("host-ssh", 100), onlyOfLimits],
  ["sys/quotas/rate-limit/ssh-trust-limit-user-ssh", limit("user-ssh", 100), onlyOfLimits],
  ["sys/quotas/rate-limit/ssh-trust-limit-ssh-trust", limit("ssh-trust", 100), onlyOfLimits],
];

/** Made by the server, and another one in every server. */
const made = ["id", "creation_time", "last_update_time", "modify_index", "namespace_id", "namespace_path"];

/** Nothing else of the fleet's is there. */
const lists: readonly (readonly [path: string, keys: readonly string[]])[] = [
  ["host-ssh/roles", ["db", "web"]],
  ["user-ssh/roles", ["dba-db", "dba-db_reserve", "platform-web"]],
  [
    "sys/policies/acl",
    [
      ...["company-operator", "company-registrar", "default", "root"],
      ...["ssh-trust-host-db", "ssh-trust-host-web", "ssh-trust-people-dba", "ssh-trust-people-platform"],
      ...["ssh-trust-reserve-dba-db", "ssh-trust-signed-in"],
    ],
  ],
  ["identity/group/name", ["ssh-trust-dba", "ssh-trust-platform"]],
  ["identity/entity/id", []],
  ["identity/mfa/method/totp", ["<totp>"]],
  ["identity/mfa/login-enforcement", ["ssh-trust-people"]],
  [
    "sys/quotas/rate-limit",
    [
      "ssh-trust-limit-auth.ssh-trust.hosts.example.org",
      "ssh-trust-limit-auth.ssh-trust.people",
      "ssh-trust-limit-host-ssh",
      "ssh-trust-limit-ssh-trust",
      "ssh-trust-limit-user-ssh",
    ],
  ],
  ["ssh-trust/metadata", ["fleet"]],
  ["auth/ssh-trust/hosts/example.org/role", []],
  ["auth/ssh-trust/people/users", []],
];

const host = "{{identity.entity.aliases.<hosts>.metadata.role_name}}";
const approle = `auth/ssh-trust/hosts/example.org/role/${host}`;
const hostPolicy = (name: string) => `# A host of "${name}": its own names and its own entry. Made by ssh-trust apply.
path "host-ssh/sign/${name}" { capabilities = ["update"] }
path "ssh-trust/data/hosts/${host}.example.org" { capabilities = ["create", "update"] }
path "${approle}/secret-id" {
  capabilities = ["update"]
  denied_parameters = { "*" = [] }
}
path "${approle}/secret-id-accessor/destroy" { capabilities = ["update"] }
path "${approle}/secret-id/destroy" { capabilities = ["update"] }
`;

const policies: readonly (readonly [name: string, text: string])[] = [
  ["ssh-trust-host-web", hostPolicy("web")],
  ["ssh-trust-host-db", hostPolicy("db")],
  [
    "ssh-trust-signed-in",
    `# Whoever is signed in may read which hosts and rules there are, and look after their own sign-in. Made by ssh-trust apply.
path "ssh-trust/data/fleet" { capabilities = ["read"] }
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
path "auth/ssh-trust/people/users/{{identity.entity.aliases.<people>.name}}/password" {
  capabilities = ["update"]
  allowed_parameters = { "password" = [] }
}
`,
  ],
  [
    "ssh-trust-people-platform",
    `# People of "platform" may have certificates signed by these rules. Made by ssh-trust apply.
path "user-ssh/sign/platform-web" { capabilities = ["update"] }
`,
  ],
  [
    "ssh-trust-people-dba",
    `# People of "dba" may have certificates signed by these rules. Made by ssh-trust apply.
path "user-ssh/sign/dba-db" { capabilities = ["update"] }
`,
  ],
  [
    "ssh-trust-reserve-dba-db",
    `# The reserve of the rule "dba-db". Made by ssh-trust apply.
path "user-ssh/sign/dba-db_reserve" { capabilities = ["update"] }
`,
  ],
];

describe.each(serverKinds)("%s", (kind) => {
  let fleet: AppliedFleet;
  /** What stands for `<…>`. */
  const facts: Record<string, string> = {};
  const filled = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/<(\w+)>/g, (_, name: string) => facts[name] ?? "?")) as T;

  beforeAll(async () => {
    fleet = await applyFleet(kind, fleetText);
    const auth = (await fleet.must("sys/auth")).data as Readonly<Record<string, { readonly accessor: string }>>;
    const methods = (await fleet.must("identity/mfa/method/totp", { method: "LIST" })).data as { readonly keys: string[] };
    facts["hosts"] = auth["ssh-trust/hosts/example.org/"]?.accessor ?? "";
    facts["people"] = auth["ssh-trust/people/"]?.accessor ?? "";
    facts["totp"] = methods.keys[0] ?? "";
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  test.each(values)("%s: every value", async (path, expected, only = {}) => {
    const { data = {} } = await fleet.must(filled(path));
    expect(Object.fromEntries(Object.entries(data).filter(([key]) => !made.includes(key)))).toEqual({
      ...filled(expected),
      ...only[kind],
    });
  });

  test.each(lists)("%s: these and no other", async (path, expected) => {
    const { status, body } = await fleet.server.ask(path, { method: "LIST" });
    const keys = status === 404 ? [] : (body.data?.["keys"] as string[]);
    expect([...keys].sort()).toEqual(filled([...expected].sort()));
  });

  test.each(policies)("the policy %s, as it was written", async (name, expected) => {
    const { data } = await fleet.must(`sys/policies/acl/${name}`);
    expect(data?.["policy"]).toBe(filled(expected));
  });

  test("the mounts: the two CAs, the store and two ways to sign in, each for its kind of thing", async () => {
    const types = async (path: string) => {
      const mounts = (await fleet.must(path)).data as Readonly<Record<string, { readonly type: string }>>;
      return Object.fromEntries(Object.entries(mounts).map(([name, { type }]) => [name, type]));
    };
    expect(await types("sys/mounts")).toMatchObject({ "host-ssh/": "ssh", "user-ssh/": "ssh", "ssh-trust/": "kv" });
    expect(await types("sys/auth")).toEqual({
      "token/": "token",
      "ssh-trust/hosts/example.org/": "approle",
      "ssh-trust/people/": "userpass",
    });
  });

  test("each CA has a key of its own, Ed25519, which nobody can read", async () => {
    const { data: host } = await fleet.must("host-ssh/config/ca");
    const { data: user } = await fleet.must("user-ssh/config/ca");
    expect([host?.["public_key"], user?.["public_key"]]).toEqual(Array(2).fill(expect.stringMatching(/^ssh-ed25519 /)));
    expect(host?.["public_key"]).not.toBe(user?.["public_key"]);
    expect(JSON.stringify([host, user])).not.toContain("private");
  });

  test("the fleet's entry has the CAs' keys", async () => {
    const { data } = await fleet.must("ssh-trust/data/fleet");
    const keys = await Promise.all(["host-ssh", "user-ssh"].map(async (mount) => (await fleet.must(`${mount}/config/ca`)).data));
    const [host, user] = keys.map((each) => String(each?.["public_key"]).trim());
    expect(data).toMatchObject({ data: { schema: 1, cas: { host: [host], user: [user] } } });
  });

  test("a limit holds: who signs in a hundred times at once is told to wait", async () => {
    const tries = Array.from({ length: 100 }, () =>
      fleet.server.ask("auth/ssh-trust/hosts/example.org/login", { token: "", body: { role_id: "any", secret_id: "any" } }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([400, 429]));
  });
});
