/** The ways to sign in, and what each sends. */
import { defaults } from "../../fleet/defaults.js";
import { signInRole } from "../../fleet/vault-names.js";

export const methodNames = ["userpass", "oidc", "ldap", "approle", "jwt", "token"] as const;
export type MethodName = (typeof methodNames)[number];

/** Where each is mounted where nothing else is said: ours below ssh-trust/, the others as Vault itself calls them. */
export const usualMount: Readonly<Record<Exclude<MethodName, "token">, string>> = {
  userpass: defaults.userpass.path,
  oidc: defaults.oidc.path,
  ldap: defaults.ldap.path,
  jwt: defaults.jwt.path,
  approle: "approle",
};

/** What somebody proves themselves by, all but a second factor. */
export type Credentials =
  | { readonly method: "userpass" | "ldap"; readonly mount: string; readonly user: string; readonly password: string }
  | { readonly method: "approle"; readonly mount: string; readonly roleId: string; readonly secretId: string }
  | { readonly method: "jwt"; readonly mount: string; readonly role: string; readonly jwt: string };

export interface SignInRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
}

/** https://developer.hashicorp.com/vault/api-docs/auth: what is posted without a token. */
export function requestOf(credentials: Credentials): SignInRequest {
  const at = `auth/${credentials.mount}/login`;
  switch (credentials.method) {
    case "userpass":
    case "ldap":
      return { path: `${at}/${encodeURIComponent(credentials.user)}`, body: { password: credentials.password } };
    case "approle":
      return { path: at, body: { role_id: credentials.roleId, secret_id: credentials.secretId } };
    case "jwt":
      return { path: at, body: { role: credentials.role, jwt: credentials.jwt } };
  }
}

/** The role of oidc and jwt where nothing else is said: the one that `ssh-trust apply` makes. */
export const usualRole = signInRole;

/**
 * A user's name as it is sent. Neither server tells capitals apart at userpass; ldap would make another entity of "Alice" than of "alice".
 * @returns undefined for what is no name
 */
export function userName(text: string): string | undefined {
  const name = text.trim().normalize("NFC").toLowerCase();
  return name === "" || name.length > 255 || /^\.+$|[\s/\p{C}]/u.test(name) ? undefined : name;
}

/** A password as it is sent: the same however a keyboard composes an umlaut (RFC 8265, OpaqueString). */
export const passwordAsSent = (text: string): string => text.normalize("NFC");
