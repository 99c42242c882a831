/**
 * A fleet: who may log in where as whom, as the file `ssh-trust.yaml` says it, checked and with every default filled in.
 * Lists are sorted or in the file's order; times are seconds. `docs/fleet.md` has each key.
 */

/** What a login may use beyond running a command; each is an extension of the certificate (PROTOCOL.certkeys). */
export const permissions = {
  pty: "permit-pty",
  "port-forwarding": "permit-port-forwarding",
  "agent-forwarding": "permit-agent-forwarding",
  "x11-forwarding": "permit-X11-forwarding",
  "user-rc": "permit-user-rc",
} as const;
export type Permission = keyof typeof permissions;

export interface HostGroup {
  readonly name: string;
  /** The hosts' names, as patterns of ssh_config(5): `*` is any characters, `?` is one. All of them are below `domain`. */
  readonly names: readonly string[];
  /** The one of the fleet's domains that the names are below. */
  readonly domain: string;
  /** Other names that each host of the group may stand for, such as a load balancer's; no patterns. */
  readonly also: readonly string[];
  /** The accounts that people may log in to. */
  readonly accounts: readonly string[];
  /** How long a host's certificate is valid. */
  readonly for: number;
  /** How long after a host's last word it is taken for gone. */
  readonly forget: number;
  /** How hosts get their identities that nobody hands one to; undefined: there are none. */
  readonly jwt?: HostTokens | undefined;
}

/** Tokens that a platform gives to its machines, and that Vault has a JWT mount for already. */
export interface HostTokens {
  /** Below auth/, such as "kubernetes". */
  readonly mount: string;
  /** The claim with the host's name, without its domain; a JSON pointer (RFC 6901) where it begins with "/". */
  readonly claim: string;
  /** Whom a token must be made for. */
  readonly audience: string;
  /** Other claims that a token must have, with the values that are accepted; a `*` in them is any characters. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
}

/** Methods that say in which groups somebody is. */
export const groupMethods = ["oidc", "ldap", "jwt"] as const;
export type GroupMethod = (typeof groupMethods)[number];

export interface PeopleGroup {
  readonly name: string;
  /** Groups of the sign-in methods whose members belong to this one. */
  readonly members: readonly { readonly method: GroupMethod; readonly group: string }[];
  /** Identity groups that Vault has already, by name, whose members belong to this one. */
  readonly identityGroups: readonly string[];
}

export interface AccessRule {
  readonly name: string;
  /** A group of people. */
  readonly who: string;
  /** A group of hosts. */
  readonly on: string;
  /** Accounts of that group. */
  readonly as: readonly string[];
  /** How long a certificate of this rule is valid. */
  readonly for: number;
  readonly with: readonly Permission[];
  /** With agent-forwarding: the groups of hosts that may be reached with a forwarded agent. */
  readonly forwardTo: readonly string[];
  /** How long a certificate is valid that is made for the time when Vault does not answer; undefined: there is none. */
  readonly reserve: number | undefined;
}

interface Method {
  /** Where it is mounted, below auth/, such as "oidc". */
  readonly path: string;
  /** How long a sign-in lasts at most. */
  readonly session: number;
}

/** A method that Vault has already: it is used, and left as it is. */
export interface ExistingMethod extends Pick<Method, "path"> {
  readonly method: GroupMethod | "userpass";
  readonly ours: false;
}

/** Names and passwords in Vault, with a second factor (TOTP) that is enforced. */
export interface UserpassMethod extends Method {
  readonly method: "userpass";
  readonly ours: true;
}

export interface OidcMethod extends Method {
  readonly method: "oidc";
  readonly ours: true;
  /** The provider's issuer, an https address: OpenID Connect Discovery. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly userClaim: string;
  readonly groupsClaim: string;
  /** Signing algorithms of the provider, such as RS256. */
  readonly algorithms: readonly string[];
  /** A file with its private CA's certificate, as the fleet file names it; undefined: a CA that Vault's machine trusts. */
  readonly ca?: string | undefined;
}

/** Tokens of another issuer, as CI systems give to their jobs. */
export interface JwtMethod extends Method {
  readonly method: "jwt";
  readonly ours: true;
  readonly issuer: string;
  readonly audience: string;
  readonly userClaim: string;
  readonly groupsClaim: string;
  /** Claims that a token must have, with the values that are accepted. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly algorithms: readonly string[];
  /** As with oidc. */
  readonly ca?: string | undefined;
}

export interface LdapMethod extends Method {
  readonly method: "ldap";
  readonly ours: true;
  /** ldaps:// */
  readonly url: string;
  readonly userDn: string;
  readonly userAttribute: string;
  readonly groupDn: string;
  readonly groupFilter: string;
  readonly groupAttribute: string;
  /** Who looks people up; its password goes to Vault by its API. Undefined: nobody does, the DN follows from the name. */
  readonly bindDn: string | undefined;
  /** As with oidc. */
  readonly ca?: string | undefined;
}

export type SignInMethod = ExistingMethod | UserpassMethod | OidcMethod | JwtMethod | LdapMethod;

/** The service that shows the fleet's hosts, and tells their keys. */
export interface FleetDirectory {
  /** As people and programs reach it, such as "https://directory.example.org"; no slash at the end. */
  readonly address: string;
  /** Ranges of addresses from which anybody may read it without signing in, such as "10.0.0.0/8". */
  readonly openTo: readonly string[];
}

export interface Fleet {
  /** Vault's address, as people and hosts reach it; no slash at the end. */
  readonly vault: string;
  readonly namespace: string | undefined;
  /** The only names that the host CA vouches for are below these. None of them is below another. */
  readonly domains: readonly string[];
  readonly hosts: readonly HostGroup[];
  readonly people: readonly PeopleGroup[];
  readonly access: readonly AccessRule[];
  /** How long a sign-in lasts at most, where its method does not say otherwise. Each method has its own already. */
  readonly session: number;
  readonly signIn: readonly SignInMethod[];
  /** Mounts of the two CAs. */
  readonly mounts: { readonly hostCa: string; readonly userCa: string };
  /** Requests a second that one address may make: signing in, having keys signed, reading and writing the store. */
  readonly limits: { readonly signIn: number; readonly sign: number; readonly store: number };
  /** Where the fleet's directory is; undefined: it has none. */
  readonly directory?: FleetDirectory | undefined;
  /** Terraform's backend, by its name, and its settings; undefined: a file beside the fleet file. */
  readonly state: { readonly backend: string; readonly settings: Readonly<Record<string, unknown>> } | undefined;
}
