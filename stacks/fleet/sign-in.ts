/**
 * How people and hosts sign in: an AppRole mount for each domain's hosts, and the methods of people that the file says are ours.
 * The connection to a provider is not here: it has a secret, which Terraform would keep in its state.
 */
import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend/index.js";
import { DataVaultAuthBackend } from "@cdktf/provider-vault/lib/data-vault-auth-backend/index.js";
import { IdentityMfaLoginEnforcement } from "@cdktf/provider-vault/lib/identity-mfa-login-enforcement/index.js";
import { IdentityMfaTotp } from "@cdktf/provider-vault/lib/identity-mfa-totp/index.js";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role/index.js";
import type { Construct } from "constructs";
import type { Fleet, HostGroup, HostTokens, JwtMethod, OidcMethod, SignInMethod } from "../../src/fleet/fleet.js";
import { directoryCallback, enrolRoleOf, hostsMountOf, policyOf, secondFactor, signInRole } from "../../src/fleet/vault-names.js";
import { accessorOf, foreignIdOf, idOf } from "./ids.js";

/**
 * A host signs in once a day or so; its token has done its work within the hour. The longest is that of its secret ids as well: a
 * host that was off for a month comes back by itself.
 */
const hostToken = { usual: 3600, longest: 35 * 24 * 3600 };

export function addSignIn(scope: Construct, fleet: Fleet): void {
  for (const domain of fleet.domains) {
    authMount(scope, idOf("hosts", domain), {
      type: "approle",
      path: hostsMountOf(domain),
      description: `hosts below ${domain} sign in`,
      ...hostToken,
    });
  }
  for (const method of fleet.signIn) addMethod(scope, method, fleet.directory);
  const platforms = new Set(fleet.hosts.flatMap(({ jwt }) => (jwt === undefined ? [] : [jwt.mount])));
  for (const mount of platforms) existing(scope, existingIdOf(mount), mount);
  for (const group of fleet.hosts) if (group.jwt !== undefined) addEnrolRole(scope, group, group.jwt);
}

/** What a machine does with its token is over in seconds. */
const enrolling = 300;

/** Machines sign in with a token that says which host of the group it is. */
function addEnrolRole(scope: Construct, group: HostGroup, { mount, claim, audience, claims }: HostTokens): void {
  const id = idOf("enrol-role", group.name);
  const names = group.names.map((pattern) => pattern.slice(0, -group.domain.length - 1));
  new JwtAuthBackendRole(scope, id, {
    backend: mount,
    roleName: enrolRoleOf(group),
    roleType: "jwt",
    userClaim: claim,
    userClaimJsonPointer: claim.startsWith("/"),
    boundAudiences: [audience],
    boundClaimsType: "glob",
    boundClaims: Object.fromEntries(
      Object.entries({ ...claims, [claim]: names }).map(([name, values]) => [name, values.join(",")]),
    ),
    clockSkewLeeway: 60,
    tokenPolicies: [policyOf.enrol(group.name)],
    tokenTtl: enrolling,
    tokenMaxTtl: enrolling,
  }).overrideLogicalId(id);
}

const existingIdOf = (mount: string) => foreignIdOf("platform", mount);

/** The accessor of a mount that machines sign in at. */
export const accessorOfExisting = (mount: string): string => accessorOf(existingIdOf(mount), "data.vault_auth_backend");

function addMethod(scope: Construct, method: SignInMethod, directory: Fleet["directory"]): void {
  if (!method.ours) {
    if (method.method !== "userpass") existing(scope, idOf("sign-in", method.method), method.path);
    return;
  }
  const { path, session } = method;
  const mount = authMount(scope, idOf("sign-in", method.method), {
    type: method.method,
    path,
    description: `people sign in with ${method.method}`,
    usual: session,
    longest: session,
  });
  if (method.method === "userpass") addSecondFactor(scope, mount.accessor);
  if (method.method === "oidc" || method.method === "jwt") addRole(scope, method, mount.path, directory);
}

/** Codes as authenticator apps make them: some know neither SHA-256 nor 8 digits. */
function addSecondFactor(scope: Construct, accessor: string): void {
  const totp = new IdentityMfaTotp(scope, "second-factor", {
    issuer: "ssh-trust",
    algorithm: "SHA1",
    digits: 6,
    period: 30,
    skew: 1,
    keySize: 20,
    maxValidationAttempts: 5,
  });
  totp.overrideLogicalId("second-factor");
  new IdentityMfaLoginEnforcement(scope, "second-factor-is-enforced", {
    name: secondFactor,
    mfaMethodIds: [totp.methodId],
    authMethodAccessors: [accessor],
  }).overrideLogicalId("second-factor-is-enforced");
}

/** Where the program on a person's machine waits for the browser: a port of its own, on this machine only. */
const redirects = ["http://localhost:8250/oidc/callback", "http://127.0.0.1:8250/oidc/callback"];

/** And where the directory waits for the browser of whoever signs in there. */
const redirectsOf = (directory: Fleet["directory"]): string[] =>
  directory === undefined ? redirects : [...redirects, `${directory.address}${directoryCallback}`];

function addRole(scope: Construct, method: OidcMethod | JwtMethod, backend: string, directory: Fleet["directory"]): void {
  const id = idOf("sign-in-role", method.method);
  const { session, userClaim, groupsClaim } = method;
  new JwtAuthBackendRole(scope, id, {
    backend,
    roleName: signInRole,
    roleType: method.method,
    userClaim,
    groupsClaim,
    boundClaimsType: "string", // Vault's own default; unsaid, the provider does not see another
    tokenPolicies: [policyOf.signedIn],
    tokenTtl: session,
    tokenMaxTtl: session,
    ...(method.method === "oidc"
      ? { allowedRedirectUris: redirectsOf(directory), oidcScopes: [...method.scopes] }
      : {
          boundAudiences: [method.audience],
          boundClaims: Object.fromEntries(Object.entries(method.claims).map(([name, values]) => [name, values.join(",")])),
          clockSkewLeeway: 60,
        }),
  }).overrideLogicalId(id);
}

interface AuthMount {
  readonly type: string;
  readonly path: string;
  readonly description: string;
  /** Seconds that a token lives on, and at most. */
  readonly usual: number;
  readonly longest: number;
}

function authMount(scope: Construct, id: string, { type, path, description, usual, longest }: AuthMount): AuthBackend {
  const mount = new AuthBackend(scope, id, {
    type,
    path,
    description,
    // Every attribute: the provider takes the block whole.
    tune: [
      {
        defaultLeaseTtl: `${String(usual)}s`,
        maxLeaseTtl: `${String(longest)}s`,
        listingVisibility: "hidden",
        tokenType: "default-service",
        allowedResponseHeaders: [],
        passthroughRequestHeaders: [],
        auditNonHmacRequestKeys: [],
        auditNonHmacResponseKeys: [],
      },
    ],
  });
  mount.overrideLogicalId(id);
  return mount;
}

/** One that is there already: it is only asked for its accessor. */
function existing(scope: Construct, id: string, path: string): void {
  new DataVaultAuthBackend(scope, id, { path }).overrideLogicalId(id);
}

/** The accessor of a method's mount, for what is read into Terraform's own text. */
export const accessorOfMethod = ({ method, ours }: SignInMethod): string =>
  accessorOf(idOf("sign-in", method), ours ? "vault_auth_backend" : "data.vault_auth_backend");
