/**
 * How Vault reaches the providers that people sign in at. It is written by the API, whole: Terraform would keep the secret in its
 * state, and a key that is left out would keep its old value (hashicorp/vault-plugin-auth-jwt #382).
 */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { Fleet, JwtMethod, LdapMethod, OidcMethod } from "../../fleet/fleet.js";
import { ownMethods, policyOf, signInRole } from "../../fleet/vault-names.js";
import type { VaultApi } from "../../vault/api.js";
import { readCertificates } from "./certificates.js";
import type { Step } from "./step.js";

/** What is handed over beside the file, each asked for when it is needed. */
export interface Secrets {
  readonly oidcSecret?: () => Promise<string>;
  readonly ldapPassword?: () => Promise<string>;
  /** The certificates in a file that the fleet file names. @param key which names it, such as "sign-in.ldap.ca" */
  readonly certificates?: (file: string, key: string) => Promise<string>;
}

type Provider = OidcMethod | JwtMethod | LdapMethod;
type Settings = Readonly<Record<string, unknown>>;

interface Secret {
  /** Of Vault's API. */
  readonly key: string;
  readonly what: string;
  readonly option: string;
  readonly value: (() => Promise<string>) | undefined;
}

const current = z.object({ data: z.record(z.string(), z.unknown()) });

/** What is to be written; a connection is written anew where it differs, or where its secret was given. */
export async function connectionSteps(api: VaultApi, fleet: Fleet, secrets: Secrets): Promise<readonly Step[]> {
  const providers = ownMethods(fleet).filter((method) => method.method !== "userpass");
  const steps = await Promise.all(
    providers.map(async (method): Promise<Step | undefined> => {
      const path = `auth/${method.path}/config`;
      const wanted = settingsOf(method, await authorityOf(method, secrets));
      const secret = secretOf(method, secrets);
      const there = (await api.read(path, current))?.data;
      // No secret is read back.
      const asWanted =
        there !== undefined &&
        Object.entries(wanted).every(([key, value]) => key === "bindpass" || isDeepStrictEqual(there[key], value));
      if (asWanted && secret?.value === undefined) return undefined;
      if (secret !== undefined && secret.value === undefined) {
        throw fail("FLEET_SECRET_MISSING", { what: secret.what, path: method.path, option: secret.option });
      }
      // Now: a secret that cannot be read stops it before anything is changed.
      const given = secret?.value === undefined ? {} : { [secret.key]: await secret.value() };
      return {
        what: asWanted ? `a new ${secret?.what ?? "secret"} for ${path}` : `the connection to ${addressOf(method)} at ${path}`,
        async take() {
          await api.write(path, { ...wanted, ...given }, z.unknown());
        },
      };
    }),
  );
  return steps.filter((step) => step !== undefined);
}

const addressOf = (method: Provider) => (method.method === "ldap" ? method.url : method.issuer);

function secretOf(method: Provider, { oidcSecret, ldapPassword }: Secrets): Secret | undefined {
  if (method.method === "oidc") {
    return { key: "oidc_client_secret", what: "client secret", option: "--oidc-secret-file", value: oidcSecret };
  }
  if (method.method === "ldap" && method.bindDn !== undefined) {
    return { key: "bindpass", what: "password", option: "--ldap-password-file", value: ldapPassword };
  }
  return undefined;
}

/** The private CA that Vault is to trust there; "": none, which resets it. */
const authorityOf = async ({ method, ca }: Provider, { certificates = readCertificates }: Secrets): Promise<string> =>
  ca === undefined ? "" : certificates(ca, `sign-in.${method}.ca`);

function settingsOf(method: Provider, authority: string): Settings {
  if (method.method === "ldap") return ldapSettings(method, authority);
  const { issuer, algorithms } = method;
  return {
    oidc_discovery_url: issuer,
    oidc_discovery_ca_pem: authority,
    oidc_client_id: method.method === "oidc" ? method.clientId : "",
    bound_issuer: issuer,
    default_role: signInRole,
    jwt_supported_algs: [...algorithms],
  };
}

/**
 * Names ignore case, so that no second spelling is another person; there is no way round TLS. Vault keeps what is not named, so
 * every key is, and it keeps these two in lower case.
 */
const ldapSettings = (method: LdapMethod, authority: string): Settings => ({
  url: method.url.toLowerCase(),
  userattr: method.userAttribute.toLowerCase(),
  binddn: method.bindDn ?? "",
  ...(method.bindDn === undefined ? { bindpass: "" } : {}),
  discoverdn: false,
  userdn: method.userDn,
  userfilter: "({{.UserAttr}}={{.Username}})",
  upndomain: "",
  groupdn: method.groupDn,
  groupfilter: method.groupFilter,
  groupattr: method.groupAttribute,
  anonymous_group_search: false,
  case_sensitive_names: false,
  deny_null_bind: true,
  certificate: authority,
  insecure_tls: false,
  starttls: false,
  tls_min_version: "tls12",
  token_bound_cidrs: [],
  token_explicit_max_ttl: 0,
  token_max_ttl: method.session,
  token_no_default_policy: false,
  token_num_uses: 0,
  token_period: 0,
  token_policies: [policyOf.signedIn],
  token_ttl: method.session,
  token_type: "default",
});
