/** Ways to sign in, mounts, and Terraform's state: what is refused, where, and what was meant. */
import { describe, expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

describe("sign-in", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "none",
      { "7": "  platform: {}", "12": "sign-in: {}", "13": "" },
      ["12:10: sign-in: it names no method, so nobody could sign in; leave it out, or write userpass: {}"],
    ],
    [
      "an unknown one",
      { "7": "  platform: {}", "13": "  saml: {}" },
      ['13:3: sign-in.saml: unknown key "saml"; there are: userpass, oidc, jwt, ldap'],
    ],
    ["text", { "13": "  oidc: oidc" }, ['13:9: sign-in.oidc: a map (key: value) is needed, and this is "oidc"']],
    [
      "more than that it is there",
      { "13": "  oidc: { existing: oidc, issuer: https://id.example.org }" },
      ['13:27: sign-in.oidc.issuer: "issuer" cannot be used with "existing": what is there already is left as it is'],
    ],
    [
      "paths as others write them",
      { "13": "  oidc: { existing: auth/oidc/ }" },
      ['13:21: sign-in.oidc.existing: "auth/oidc/" is the path below auth/, without / around it; did you mean "oidc"?'],
    ],
    [
      "paths that are taken",
      { "13": "  oidc: { existing: token }\n  jwt: { existing: ssh-trust/jwt }\n  userpass: { path: ssh-trust/hosts/a }" },
      [
        '13:21: sign-in.oidc.existing: "token" is Vault\'s own, for tokens',
        '14:20: sign-in.jwt.existing: "ssh-trust/jwt" is where ssh-trust mounts its own; what is there already is elsewhere',
        '15:21: sign-in.userpass.path: "ssh-trust/hosts/a" is where hosts sign in: "ssh-trust/hosts"',
      ],
    ],
    [
      "a path for two",
      { "13": "  oidc: { existing: login }\n  userpass: { existing: login }" },
      ['14:25: sign-in.userpass.existing: "login" is that of oidc, too: each method has a path of its own'],
    ],
    [
      "a path in another",
      { "13": "  oidc: { existing: login }\n  userpass: { path: login/people }" },
      [
        '14:21: sign-in.userpass.path: "login/people" and that of oidc, "login", are one inside the other: each method has a path of its own',
      ],
    ],
    [
      "no path",
      { "13": "  oidc: { existing: 'a b' }\n  userpass: { path: People }" },
      [
        '13:21: sign-in.oidc.existing: "a b" is not a path of Vault\'s: letters, digits, . _ and -, with / between',
        '14:21: sign-in.userpass.path: "People" is not a path: a-z, 0-9 and -, with / between parts',
      ],
    ],
    [
      "what is needed",
      { "13": "  oidc: {}\n  ldap: {}\n  jwt: {}" },
      [
        '13:3: sign-in.oidc.issuer: the key "issuer" is missing, such as issuer: https://id.example.org',
        '13:3: sign-in.oidc.client-id: the key "client-id" is missing, such as client-id: ssh-trust',
        '14:3: sign-in.ldap.url: the key "url" is missing, such as url: ldaps://ldap.example.org',
        '14:3: sign-in.ldap.user-dn: the key "user-dn" is missing, such as user-dn: "ou=people,dc=example,dc=org"',
        '14:3: sign-in.ldap.group-dn: the key "group-dn" is missing, such as group-dn: "ou=groups,dc=example,dc=org"',
        '15:3: sign-in.jwt.issuer: the key "issuer" is missing, such as issuer: https://id.example.org',
        '15:3: sign-in.jwt.audience: the key "audience" is missing, such as audience: https://vault.example.org:8200',
      ],
    ],
    ["nothing", { "13": "  oidc:" }, ["13:8: sign-in.oidc: a map (key: value) is needed, and this is nothing"]],
    [
      "a slip",
      { "13": "  oidc: { issuer: https://id.example.org, client: ssh-trust }" },
      [
        '13:3: sign-in.oidc.client-id: the key "client-id" is missing, such as client-id: ssh-trust',
        '13:43: sign-in.oidc.client: unknown key "client"; there are: existing, issuer, client-id, user-claim, groups-claim, scopes, algorithms, ca, session, path',
      ],
    ],
    [
      "weak algorithms",
      { "13": "  oidc: { issuer: https://id.example.org, client-id: x, algorithms: [HS256, none] }" },
      [
        '13:70: sign-in.oidc.algorithms[0]: unknown value "HS256"; did you mean "RS256"?',
        '13:77: sign-in.oidc.algorithms[1]: unknown value "none"; there are: RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512, EdDSA',
      ],
    ],
    [
      "an issuer that Terraform would fill in",
      { "13": "  oidc: { issuer: 'https://id.example.org/${file(1)}', client-id: x }" },
      ['13:19: sign-in.oidc.issuer: "https://id.example.org/${file(1)}" is not an address; write it as https://id.example.org'],
    ],
    [
      "a comma in a claim's value: Vault would take it for two",
      {
        "13": "  oidc: { existing: oidc }\n  jwt: { issuer: https://ci.example.org, audience: x, claims: { sub: 'org/app,evil/x' } }",
      },
      ['14:70: sign-in.jwt.claims.sub: "org/app,evil/x" has a comma: write each value by itself'],
    ],
    [
      "issuers",
      {
        "13": "  oidc: { issuer: http://id.example.org, client-id: x }\n  jwt: { issuer: https://ci.example.org?x, audience: x }",
      },
      [
        '13:19: sign-in.oidc.issuer: "http://id.example.org" is not https: anybody between could be the provider',
        '14:18: sign-in.jwt.issuer: "https://ci.example.org?x" has a ? or a #, and an issuer has none',
      ],
    ],
    [
      "sessions",
      { "13": "  oidc: { issuer: https://id.example.org, client-id: x, session: 2d }\n  userpass: { session: 1m }" },
      [
        '13:66: sign-in.oidc.session: "2d" is longer than a session may be: the maximum is 24h',
        '14:24: sign-in.userpass.session: "1m" is shorter than a session may be: the minimum is 5m',
      ],
    ],
    [
      "LDAP in the clear",
      { "13": "  oidc: { existing: oidc }\n  ldap: { url: ldap://ldap.example.org, user-dn: a, group-dn: b }" },
      [
        '14:16: sign-in.ldap.url: "ldap://ldap.example.org" is not encrypted, and passwords go over it; did you mean "ldaps://ldap.example.org"?',
      ],
    ],
    [
      "another address",
      { "13": "  oidc: { existing: oidc }\n  ldap: { url: https://ldap.example.org, user-dn: a, group-dn: b }" },
      ['14:16: sign-in.ldap.url: "https://ldap.example.org" is not an address; write it as ldaps://ldap.example.org'],
    ],
    [
      "claims",
      {
        "13": "  oidc: { existing: oidc }\n  jwt: { issuer: https://ci.example.org, audience: x, claims: { a: [], b: 1, c: { d: e }, '${x}': y } }",
      },
      [
        "14:68: sign-in.jwt.claims.a: is empty: at least one is needed",
        "14:75: sign-in.jwt.claims.b: 1 is a number, and text is needed: put it in quotes",
        "14:81: sign-in.jwt.claims.c: text or a list is needed, and this is a map (key: value)",
        '14:91: sign-in.jwt.claims."${x}": "${x}" has ${ or %{, and Terraform would put something else there',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("groups of others", () => {
  const invisible = "has an invisible character, or a blank that is not the usual one";
  test.each<[what: string, line: string, mistakes: readonly string[]]>([
    [
      "identity groups that apply makes",
      "{ identity-group: [ssh-trust-platform, SSH-Trust-x, 'ssh-trust oidc: platform-team', ssh-trusted] }",
      [
        '7:32: people.platform.identity-group[0]: "ssh-trust-platform" is called like a group that ssh-trust makes itself',
        '7:52: people.platform.identity-group[1]: "SSH-Trust-x" is called like a group that ssh-trust makes itself',
        '7:65: people.platform.identity-group[2]: "ssh-trust oidc: platform-team" is called like a group that ssh-trust makes itself',
      ],
    ],
    [
      "identity groups in two spellings",
      "{ identity-group: [Admins, admins] }",
      ['7:40: people.platform.identity-group[1]: "admins" and "Admins" are one group to Vault, whose names ignore case'],
    ],
    [
      "an invisible character",
      '{ oidc: "plat\u200Bform" }',
      [`7:21: people.platform.oidc: "plat\u200Bform" ${invisible}: U+200B`],
    ],
    ["another blank", '{ oidc: "a\u00A0b" }', [`7:21: people.platform.oidc: "a\u00A0b" ${invisible}: U+00A0`]],
    [
      "an accent by itself",
      '{ oidc: "e\u0301quipe" }',
      [`7:21: people.platform.oidc: "e\u0301quipe" has an accent as a character of its own: write it in Unicode's form NFC`],
    ],
  ])("%s", (_what, line, mistakes) => {
    expect(mistakesIn(changed({ "7": `  platform: ${line}` }))).toEqual(mistakes);
  });
});

describe("mounts", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "one for two",
      { "14": "mounts: { host-ca: ssh, user-ca: ssh }" },
      ['14:34: mounts.user-ca: "ssh" is that of host-ca, too: each CA has a mount of its own'],
    ],
    [
      "the other's usual one",
      { "14": "mounts: { user-ca: host-ssh }" },
      ['14:20: mounts.user-ca: "host-ssh" is that of host-ca, too: each CA has a mount of its own'],
    ],
    [
      "one in the other",
      { "14": "mounts: { host-ca: ssh, user-ca: ssh/users }" },
      ['14:34: mounts.user-ca: "ssh/users" and that of host-ca, "ssh", are one inside the other: each CA has a mount of its own'],
    ],
    [
      "Vault's own, and the store's",
      { "14": "mounts: { host-ca: sys/ssh, user-ca: ssh-trust/ssh }" },
      [
        '14:20: mounts.host-ca: "sys/ssh" is in "sys", which is Vault\'s own',
        '14:38: mounts.user-ca: "ssh-trust/ssh" is where the store of the fleet is: "ssh-trust"',
      ],
    ],
    [
      "no paths",
      { "14": "mounts: { host-ca: Host, user-ca: /user/ }" },
      [
        '14:20: mounts.host-ca: "Host" is not a path: a-z, 0-9 and -, with / between parts',
        '14:35: mounts.user-ca: "/user/" begins or ends with /; did you mean "user"?',
      ],
    ],
    [
      "nothing",
      { "14": "mounts: { host-ca: '', user-ca: a//b }" },
      [
        '14:20: mounts.host-ca: "" is not a path: a-z, 0-9 and -, with / between parts',
        '14:33: mounts.user-ca: "a//b" is not a path: a-z, 0-9 and -, with / between parts',
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("state", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "no backend",
      { "14": "state: {}" },
      ["14:8: state: it names no backend; there are: local, s3, gcs, azurerm, http, pg, consul, kubernetes, cos, oss"],
    ],
    [
      "two backends",
      { "14": "state: { s3: { key: k }, local: {} }" },
      ['14:26: state.local: there is one backend, and "s3" is named already'],
    ],
    [
      "unknown backends",
      { "14": "state: { s4: {}, remote: {} }" },
      [
        '14:10: state.s4: unknown key "s4"; did you mean "s3"?',
        '14:18: state.remote: unknown key "remote"; there are: local, s3, gcs, azurerm, http, pg, consul, kubernetes, cos, oss',
        '14:18: state.remote: there is one backend, and "s4" is named already',
      ],
    ],
    [
      "text",
      { "14": "state: s3" },
      [
        '14:8: state: a map (key: value) is needed, and this is "s3", such as state: { s3: { bucket: fleet, key: ssh-trust, region: eu-central-1 } }',
      ],
    ],
    [
      "what is no setting",
      { "14": "state: { s3: { a: [], B: 1, c-d: 2, e: null } }" },
      [
        "14:19: state.s3.a: text is needed, and this is a list",
        "14:23: state.s3.B: this is no name of a setting: they are of a-z, 0-9 and _",
        "14:29: state.s3.c-d: this is no name of a setting: they are of a-z, 0-9 and _",
        "14:40: state.s3.e: text is needed, and this is nothing",
      ],
    ],
    [
      "parts of a setting",
      { "14": "state: { s3: { endpoints: { s3: [], S3: a, sts: { a: b } } } }" },
      [
        "14:33: state.s3.endpoints.s3: text is needed, and this is a list",
        "14:37: state.s3.endpoints.S3: this is no name of a setting: they are of a-z, 0-9 and _",
        "14:49: state.s3.endpoints.sts: text is needed, and this is a map (key: value)",
      ],
    ],
    [
      "what Terraform would fill in",
      { "14": "state: { s3: { key: '${path.cwd}' } }" },
      ["14:16: state.s3.key: has ${ or %{, and Terraform fills in nothing there"],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});

describe("secrets of the state", () => {
  test.each<[what: string, file: Record<number, string> | string, mistakes: readonly string[]]>([
    [
      "S3",
      { "14": "state: { s3: { access_key: a, secret_key: b, token: c, sse_customer_key: d } }" },
      [
        "14:16: state.s3.access_key: a secret does not belong in the file: set AWS_ACCESS_KEY_ID where apply runs",
        "14:31: state.s3.secret_key: a secret does not belong in the file: set AWS_SECRET_ACCESS_KEY where apply runs",
        "14:46: state.s3.token: a secret does not belong in the file: set AWS_SESSION_TOKEN where apply runs",
        "14:56: state.s3.sse_customer_key: a secret does not belong in the file: set AWS_SSE_CUSTOMER_KEY where apply runs",
      ],
    ],
    [
      "parts of a setting",
      { "14": "state: { s3: { assume_role: { token: c }, endpoints: { s3: 'https://me:sesame@s3.example.org' } } }" },
      [
        "14:31: state.s3.assume_role.token: a secret does not belong in the file: set AWS_SESSION_TOKEN where apply runs",
        "14:56: state.s3.endpoints.s3: a secret does not belong in the file: the address holds a name, a token or a password",
      ],
    ],
    [
      "Azure",
      { "14": "state: { azurerm: { access_key: a, sas_token: b, client_secret: c } }" },
      [
        "14:21: state.azurerm.access_key: a secret does not belong in the file: set ARM_ACCESS_KEY where apply runs",
        "14:36: state.azurerm.sas_token: a secret does not belong in the file: set ARM_SAS_TOKEN where apply runs",
        "14:50: state.azurerm.client_secret: a secret does not belong in the file: set ARM_CLIENT_SECRET where apply runs",
      ],
    ],
    [
      "Google",
      { "14": "state: { gcs: { access_token: a, encryption_key: b, credentials: c } }" },
      [
        "14:17: state.gcs.access_token: a secret does not belong in the file: set GOOGLE_OAUTH_ACCESS_TOKEN where apply runs",
        "14:34: state.gcs.encryption_key: a secret does not belong in the file: set GOOGLE_ENCRYPTION_KEY where apply runs",
        "14:53: state.gcs.credentials: a secret does not belong in the file: set GOOGLE_APPLICATION_CREDENTIALS where apply runs",
      ],
    ],
    [
      "a password",
      { "14": "state: { http: { password: a } }" },
      ["14:18: state.http.password: a secret does not belong in the file: set TF_HTTP_PASSWORD where apply runs"],
    ],
    [
      "an address with a password",
      { "14": "state: { http: { address: 'https://me:sesame@state.example.org' } }" },
      ["14:18: state.http.address: a secret does not belong in the file: the address holds a name, a token or a password"],
    ],
    [
      "an address with a token",
      { "14": "state: { http: { address: 'https://ghp_abcdef@state.example.org/x' } }" },
      ["14:18: state.http.address: a secret does not belong in the file: the address holds a name, a token or a password"],
    ],
    [
      "a database's address",
      { "14": "state: { pg: { conn_str: 'postgres://me:sesame@db/state' } }" },
      [
        "14:16: state.pg.conn_str: a secret does not belong in the file: leave out the password, and set PGPASSWORD where apply runs",
      ],
    ],
    [
      "a database's words",
      { "14": "state: { pg: { conn_str: 'host=db password=sesame' } }" },
      [
        "14:16: state.pg.conn_str: a secret does not belong in the file: leave out the password, and set PGPASSWORD where apply runs",
      ],
    ],
    [
      "Consul",
      { "14": "state: { consul: { access_token: a } }" },
      ["14:20: state.consul.access_token: a secret does not belong in the file: set CONSUL_HTTP_TOKEN where apply runs"],
    ],
    [
      "Kubernetes",
      { "14": "state: { kubernetes: { token: a, client_key: b, secret_suffix: c } }" },
      [
        "14:24: state.kubernetes.token: a secret does not belong in the file: set KUBE_TOKEN where apply runs",
        "14:34: state.kubernetes.client_key: a secret does not belong in the file: set KUBE_CLIENT_KEY_DATA where apply runs",
      ],
    ],
    [
      "clouds",
      { "14": "state: { cos: { secret_id: a, secret_key: b } }" },
      [
        "14:17: state.cos.secret_id: a secret does not belong in the file: set TENCENTCLOUD_SECRET_ID where apply runs",
        "14:31: state.cos.secret_key: a secret does not belong in the file: set TENCENTCLOUD_SECRET_KEY where apply runs",
      ],
    ],
    [
      "another cloud",
      { "14": "state: { oss: { access_key: a, secret_key: b } }" },
      [
        "14:17: state.oss.access_key: a secret does not belong in the file: set ALICLOUD_ACCESS_KEY where apply runs",
        "14:32: state.oss.secret_key: a secret does not belong in the file: set ALICLOUD_SECRET_KEY where apply runs",
      ],
    ],
    [
      "what is named like one",
      { "14": "state: { s3: { my_secret: a, db_password: b, x_token: c, web_identity_token_file: d } }" },
      [
        "14:16: state.s3.my_secret: a secret does not belong in the file: set it by the backend's environment variable where apply runs",
        "14:30: state.s3.db_password: a secret does not belong in the file: set it by the backend's environment variable where apply runs",
        "14:46: state.s3.x_token: a secret does not belong in the file: set it by the backend's environment variable where apply runs",
      ],
    ],
  ])("%s", (_what, file, mistakes) => {
    expect(mistakesIn(typeof file === "string" ? file : changed(file))).toEqual(mistakes);
  });
});
