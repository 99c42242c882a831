/** What the people registrar may and may not. */
import type { Row } from "../../support/requests.js";
import { appRole, entry, org, signOf } from "./bodies.js";
import { refusedToAll } from "./everyone.js";

const users = "auth/ssh-trust/people/users";
const entity = "identity/entity/id/<alice: entity>";
const generate = "identity/mfa/method/totp/admin-generate";

/** What is refused to everybody else is this one's work. */
const itsWork: readonly string[] = [
  "to unlock a user",
  "the list of entities",
  "a group",
  "to be in a group",
  "the end of another's second factor",
];

export const refusedToPeopleRegistrar: readonly Row[] = [
  ...refusedToAll.filter(([what]) => !itsWork.includes(what)),

  ["a user that is there", `POST ${users}/alice`, { password: "mine" }],
  ["the same in capitals", `POST ${users}/ALICE`, { password: "mine" }],
  ["a user with a policy", `POST ${users}/mine`, { password: "mine", token_policies: "ssh-trust-people-dba" }],
  ["a user with a policy by its old name", `POST ${users}/mine`, { password: "mine", policies: "root" }],
  ["a user whose tokens live on", `POST ${users}/mine`, { password: "mine", token_period: "1h" }],
  ["a user with batch tokens", `POST ${users}/mine`, { password: "mine", token_type: "batch" }],
  ["a user with a password's hash", `POST ${users}/mine`, { password_hash: "$2a$10$" }],
  ["policies of a user, apart", `POST ${users}/alice/policies`, { token_policies: "root" }],
  ["a password and more", `POST ${users}/alice/password`, { password: "mine", token_policies: "root" }],
  ["a user elsewhere", "POST auth/userpass/users/mine", { password: "mine" }],
  ["the tuning of people's mount", "POST sys/auth/ssh-trust/people/tune", { default_lease_ttl: "1000h" }],

  ["policies for an entity", `POST ${entity}`, { policies: ["root"] }],
  ["policies for an entity that it disables", `POST ${entity}`, { disabled: true, policies: ["root"] }],
  ["to enable an entity", `POST ${entity}`, { disabled: false }],
  ["to enable an entity, by an empty text", `POST ${entity}`, { disabled: "" }],
  ["to enable an entity, in words", `POST ${entity}`, { disabled: "false" }],
  ["another name of an entity", `POST ${entity}`, { name: "dora" }],
  ["metadata of an entity", `POST ${entity}`, { metadata: { host: "web-2" } }],
  ["an entity by its name", "POST identity/entity/name/alice", { policies: ["root"] }],
  ["several entities at once", "POST identity/entity/batch-delete", { entity_ids: ["<alice: entity>"] }],
  ["an alias by its id", "GET identity/entity-alias/id/any"],
  ["the list of aliases", "LIST identity/entity-alias/id"],
  ["an alias of an entity, moved", "POST identity/entity-alias/id/any", { canonical_id: "<alice: entity>" }],
  ["a persona", "POST identity/persona", { name: "dora", entity_id: "<alice: entity>", mount_accessor: "<people>" }],

  ["a group of Vault's own", "POST identity/group/name/admins", { member_entity_ids: ["<alice: entity>"] }],
  ["to read one", "GET identity/group/name/admins"],
  ["another group", "POST identity/group", { name: "mine", policies: ["root"] }],
  ["a group by its id", "POST identity/group/id/any", { member_entity_ids: ["<alice: entity>"] }],
  ["policies for a group of the fleet", "POST identity/group/name/ssh-trust-dba", { policies: ["root"] }],
  [
    "policies for a group whose members it says",
    "POST identity/group/name/ssh-trust-dba",
    { member_entity_ids: ["<alice: entity>"], policies: ["root"] },
  ],
  ["groups in a group", "POST identity/group/name/ssh-trust-dba", { member_group_ids: ["any"] }],
  ["the end of a group", "DELETE identity/group/name/ssh-trust-dba"],
  ["a group that the fleet has not", "POST identity/group/name/ssh-trust-other", { member_entity_ids: [] }],
  ["an alias of a group", "POST identity/group-alias", { name: "all", canonical_id: "any", mount_accessor: "<people>" }],
  ["to look up a group", "POST identity/lookup/group", { name: "ssh-trust-dba" }],
  ["the list of groups", "LIST identity/group/id"],

  ["a second factor that is not wrapped", `POST ${generate}`, { method_id: "<totp>", entity_id: "<alice: entity>" }],
  [
    "a second factor that is wrapped for more than a day",
    `POST ${generate}`,
    { method_id: "<totp>", entity_id: "<alice: entity>" },
    24 * 3600 + 1,
  ],
  ["to read the second factor's method", "GET identity/mfa/method/totp/<totp>"],
  ["the list of methods", "LIST identity/mfa/method/totp"],
  ["the end of the method", "DELETE identity/mfa/method/totp/<totp>"],
  ["to enforce less", "POST identity/mfa/login-enforcement/ssh-trust-people", { mfa_method_ids: [] }],
  ["another enforcement", "POST identity/mfa/login-enforcement/mine", { mfa_method_ids: ["<totp>"] }],

  ["to end everybody's sign-ins", "POST sys/leases/revoke-prefix/auth/ssh-trust/people", {}],
  ["to end hosts' sign-ins", "POST sys/leases/revoke-prefix/auth/ssh-trust/hosts/example.org/login", {}],
  ["to end other tokens", "POST sys/leases/revoke-prefix/auth/token/create", {}],
  ["to end sign-ins by force", "POST sys/leases/revoke-force/auth/ssh-trust/people/login/alice", {}],
  ["the leases of sign-ins", "LIST sys/leases/lookup/auth/ssh-trust/people/login/alice/"],
  ["who is locked out", "GET sys/locked-users"],
  ["something wrapped for more than a day", "POST sys/wrapping/wrap", { a: "b" }, 24 * 3600 + 1],

  ["a person's certificate", "POST user-ssh/sign/platform-web", signOf("deploy@web")],
  ["a host certificate", "POST host-ssh/sign/web", { ...signOf("web-1.example.org"), cert_type: "host" }],
  ["a certificate with a private key by Vault (issue)", "POST user-ssh/issue/platform-web", { valid_principals: "deploy@web" }],
  ["a role", "GET user-ssh/roles/platform-web"],
  ["the CA's configuration", "GET user-ssh/config/ca"],
  ["the end of the CA's key", "DELETE user-ssh/config/ca"],

  ["to write the fleet's entry", "POST ssh-trust/data/fleet", entry],
  ["to delete the fleet's history", "DELETE ssh-trust/metadata/fleet"],
  ["the claim of an apply", "POST ssh-trust/data/apply-makes-keys", entry],
  ["a host's entry", "GET ssh-trust/data/hosts/web-1.example.org"],
  ["to write a host's entry", "POST ssh-trust/data/hosts/web-1.example.org", entry],
  ["the list of hosts", "LIST ssh-trust/metadata/hosts"],
  ["the list of all in the store", "LIST ssh-trust/metadata/"],

  ["an AppRole", `POST ${org}/role/mine`, appRole({})],
  ["the list of hosts' AppRoles", `LIST ${org}/role`],
  ["a host's secret id, wrapped", `POST ${org}/role/web-1/secret-id`, {}, 300],
];

/** Each leaves all as it was, or is undone by the next. */
export const allowedToPeopleRegistrar: readonly Row[] = [
  ["the fleet's entry", "GET ssh-trust/data/fleet"],
  ["the list of users", `LIST ${users}`],
  ["a user", `POST ${users}/mallory`, { password: "a long password" }],
  ["another password for it", `POST ${users}/mallory/password`, { password: "another password" }],
  ["to read it", `GET ${users}/mallory`],
  ["its end", `DELETE ${users}/mallory`],
  ["the end of its sign-ins", "POST sys/leases/revoke-prefix/auth/ssh-trust/people/login/mallory", {}],
  ["to take a lock off", "POST sys/locked-users/<people>/unlock/mallory", {}],
  ["an entity", `GET ${entity}`],
  ["an entity by its alias", "POST identity/lookup/entity", { alias_name: "alice", alias_mount_accessor: "<people>" }],
  ["a group of the fleet", "GET identity/group/name/ssh-trust-dba"],
  ["how the second factor is enforced", "GET identity/mfa/login-enforcement/ssh-trust-people"],
  ["something wrapped", "POST sys/wrapping/wrap", { a: "b" }, 24 * 3600],
  ["the accessor of people's mount", "GET sys/internal/ui/mounts/auth/ssh-trust/people"],
];

/** Of all paths that the server has, with any name in them, beside the fleet's entry, groups and mount, which have names of their own. */
export const pathsOfPeopleRegistrar = [
  `${users}: list`,
  `${users}/any: create, delete, read`,
  `${users}/any/password: update`,
  "identity/entity/id: list",
  "identity/entity/id/any: delete, read, update",
  "identity/lookup/entity: update",
  "identity/mfa/method/totp/admin-destroy: update",
  `${generate}: update`,
  "sys/locked-users/any/unlock/any: update",
];
