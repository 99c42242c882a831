/** What roles do not sign, and for which reason: the policies let the request through. */

/** What is asked, beside a key and a name that may be signed. */
export type Asked = readonly [what: string, asked: Readonly<Record<string, unknown>>, reason: RegExp];

export const name = /not a valid value for valid_principals/;
/** Vault; OpenBao. */
const noName = /empty valid principals not allowed|no principals specified/;
export const life = /ttl is larger than maximum allowed/;
export const extension = /extensions .*not on allowed list/;

/** Whichever it is. */
const refusedByEveryRole: readonly Asked[] = [
  ["a life of less than nothing", { ttl: "-1h" }, /negative value/],
  ["a life in words", { ttl: "always" }, /invalid duration/],
  ["a key id", { key_id: "web:root" }, /setting key_id is not allowed by role/],
  ["a key that is none", { public_key: "ssh-ed25519 none" }, /failed to parse public_key/],
  ["a certificate instead of a key", { public_key: "<a certificate>" }, /pubkey not suitable/],
  ["an RSA key of 1024 bits", { public_key: "<a weak key>" }, /is of an invalid size/],
  [
    "a critical option: source-address",
    { critical_options: { "source-address": "0.0.0.0/0" } },
    /critical options not on allowed list/,
  ],
  ["a critical option: force-command", { critical_options: { "force-command": "sh" } }, /critical options not on allowed list/],
  ["a critical option that nobody knows", { critical_options: { anything: "" } }, /critical options not on allowed list/],
];

/** With the token of web-1.example.org, by the role of its group. */
export const refusedByHostRole: readonly Asked[] = [
  ["its neighbour's name", { valid_principals: "web-2.example.org" }, name],
  ["its own name and its neighbour's", { valid_principals: "web-1.example.org,web-2.example.org" }, name],
  [
    "its own name, the group's other name and its neighbour's",
    { valid_principals: "web-1.example.org,www.example.org,web-2.example.org" },
    name,
  ],
  ["the name of a host of another group", { valid_principals: "db-1.example.org" }, name],
  ["a wildcard: *", { valid_principals: "*" }, name],
  ["a wildcard: *.example.org", { valid_principals: "*.example.org" }, name],
  ["a wildcard: web-*.example.org", { valid_principals: "web-*.example.org" }, name],
  ["a wildcard: web-?.example.org", { valid_principals: "web-?.example.org" }, name],
  ["a negated name", { valid_principals: "!web-1.example.org" }, name],
  ["its name in capitals", { valid_principals: "WEB-1.EXAMPLE.ORG" }, name],
  ["its name with a dot at the end", { valid_principals: "web-1.example.org." }, name],
  ["a name below its own", { valid_principals: "a.web-1.example.org" }, name],
  ["a name below the group's other name", { valid_principals: "a.www.example.org" }, name],
  ["its short name", { valid_principals: "web-1" }, name],
  ["the domain itself", { valid_principals: "example.org" }, name],
  ["its name in the other domain", { valid_principals: "web-1.example.net" }, name],
  ["its name in a foreign domain", { valid_principals: "web-1.example.org.evil.test" }, name],
  ["a name that ends like its own", { valid_principals: "evilweb-1.example.org" }, name],
  ["an address", { valid_principals: "127.0.0.1" }, name],
  ["two names by a line break", { valid_principals: "web-1.example.org\nweb-2.example.org" }, name],
  ["two names by a blank", { valid_principals: "web-1.example.org web-2.example.org" }, name],
  ["a name with a zero byte", { valid_principals: "web-1.example.org\0" }, name],
  ["the role's template", { valid_principals: "{{identity.entity.name}}.example.org" }, name],
  ["a person's principal", { valid_principals: "deploy@web" }, name],
  ["no name", { valid_principals: "" }, noName],
  ["no name, by leaving it out", { valid_principals: undefined }, noName],
  ["a comma for a name", { valid_principals: "," }, noName],
  ["a user certificate", { cert_type: "user" }, /cert_type 'user' is not allowed by role/],
  ["a user certificate, by leaving the type out", { cert_type: undefined }, /cert_type 'user' is not allowed by role/],
  ["a type of certificate that is none", { cert_type: "root" }, /cert_type must be either 'user' or 'host'/],
  ["a life of a second more than the group's", { ttl: "259201s" }, life],
  ["an extension", { extensions: { "permit-pty": "" } }, /extensions .*not on allowed list/],
  ...refusedByEveryRole,
];

/** With the token of Alice, by the role of her rule: deploy and ops on web, a minute, pty. */
export const refusedByUserRole: readonly Asked[] = [
  ["root", { valid_principals: "root@web" }, name],
  ["its accounts and root", { valid_principals: "deploy@web,ops@web,root@web" }, name],
  ["one of its accounts and root", { valid_principals: "deploy@web,root@web" }, name],
  ["root and one of its accounts", { valid_principals: "root@web,deploy@web" }, name],
  ["its account on another group", { valid_principals: "deploy@db" }, name],
  ["its account on another group beside its own", { valid_principals: "deploy@web,deploy@db" }, name],
  ["an account of another rule", { valid_principals: "postgres-admin@db" }, name],
  ["its account without a group", { valid_principals: "deploy" }, name],
  ["root without a group", { valid_principals: "root" }, name],
  ["a group without an account", { valid_principals: "@web" }, name],
  ["a wildcard: *", { valid_principals: "*" }, name],
  ["a wildcard: *@web", { valid_principals: "*@web" }, name],
  ["a wildcard: deploy@*", { valid_principals: "deploy@*" }, name],
  ["its account in capitals", { valid_principals: "DEPLOY@web" }, name],
  ["the rule's whole list as one", { valid_principals: "deploy@web;ops@web" }, name],
  ["two accounts by a line break", { valid_principals: "deploy@web\nroot@web" }, name],
  ["an account with a zero byte", { valid_principals: "deploy@web\0" }, name],
  ["a host's name", { valid_principals: "web-1.example.org" }, name],
  ["no account", { valid_principals: "" }, noName],
  ["no account, by leaving it out", { valid_principals: undefined }, noName],
  ["a life of a second more than the rule's", { ttl: "61s" }, life],
  ["a life of an hour", { ttl: "1h" }, life],
  ["port forwarding, which the rule has not", { extensions: { "permit-pty": "", "permit-port-forwarding": "" } }, extension],
  ["agent forwarding", { extensions: { "permit-agent-forwarding": "" } }, extension],
  ["X11 forwarding", { extensions: { "permit-X11-forwarding": "" } }, extension],
  ["~/.ssh/rc", { extensions: { "permit-user-rc": "" } }, extension],
  ["no touch", { extensions: { "no-touch-required": "" } }, extension],
  ["an extension that nobody knows", { extensions: { "login@github.com": "alice" } }, extension],
  ["a host certificate", { cert_type: "host" }, /cert_type 'host' is not allowed by role/],
  ...refusedByEveryRole,
];
