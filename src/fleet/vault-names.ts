/** What a fleet's things are called in Vault. Those of the fleet file are checked there; nothing else goes into a path or a policy. */
import type { AccessRule, Fleet, GroupMethod, HostGroup, SignInMethod, UserpassMethod } from "./fleet.js";

/** The key-value store: what clients must know, and what hosts say of themselves. */
export const store = "ssh-trust";
/** Where clients find the fleet, below the store. */
export const fleetEntry = "fleet";
/** Beside it, for as long as an apply makes CA keys. */
export const claimEntry = "apply-makes-keys";
/** The same for as long as people are added, reset or removed. */
export const peopleClaimEntry = "people-are-changed";

export const policyOf = {
  /** Everyone who is signed in. */
  signedIn: "ssh-trust-signed-in",
  people: (group: string) => `ssh-trust-people-${group}`,
  reserve: (rule: string) => `ssh-trust-reserve-${rule}`,
  host: (group: string) => `ssh-trust-host-${group}`,
  /** A machine that enrols itself by a token. */
  enrol: (group: string) => `ssh-trust-enrol-${group}`,
  /** The directory: it reads what hosts say. */
  directory: "ssh-trust-directory",
  /** The AppRole of a host that is kept out; there is no policy of that name. */
  keptOut: "ssh-trust-kept-out",
} as const;

/** The identity group of a group of people. */
export const groupOf = (group: string): string => `ssh-trust-${group}`;

/** The external identity group of a sign-in method's own group, whose name is the provider's to choose. */
export const externalGroupOf = (method: GroupMethod, group: string): string => `ssh-trust ${method}: ${group}`;

/** The role by which a rule's certificates are signed, and the one of its reserve: no rule's name has an underscore. */
export const roleOf = ({ name }: Pick<AccessRule, "name">): string => name;
export const reserveRoleOf = ({ name }: Pick<AccessRule, "name">): string => `${name}_reserve`;

/** What the certificate of an account on a group of hosts says, and what those hosts ask for. */
export const principalOf = (account: string, group: string): string => `${account}@${group}`;

/** Where the hosts below a domain sign in, below auth/: each is an AppRole, named as the host without its domain. */
export const hostsMountOf = (domain: string): string => `ssh-trust/hosts/${domain}`;

/** The role by which people sign in with oidc or jwt. */
export const signInRole = "ssh-trust";

/** The role by which machines of a group sign in with a token of their platform, to enrol themselves. */
export const enrolRoleOf = ({ name }: Pick<HostGroup, "name">): string => `ssh-trust-${name}`;

/**
 * The key and the role of the identity tokens by which people prove to the directory who they are, and whom those tokens are for. They
 * open nothing in Vault: a directory that was broken into can do nothing with them.
 * https://developer.hashicorp.com/vault/docs/secrets/identity/identity-token
 */
export const directoryRole = "ssh-trust-directory";
/** Where people have one made. */
export const directoryTokenPath = `identity/oidc/token/${directoryRole}`;

/** Where a browser that signs in at the directory comes back to, below the directory's address. */
export const directoryCallback = "/sign-in/callback";

/** The enforcement of the second factor. */
export const secondFactor = "ssh-trust-people";

/** Sign-in methods that apply makes. */
export const ownMethods = ({ signIn }: Fleet) =>
  signIn.filter((method): method is Exclude<SignInMethod, { readonly ours: false }> => method.ours);

/** Where people have passwords that apply made the mount for; undefined: nowhere. */
export const userpassOf = (fleet: Fleet): UserpassMethod | undefined =>
  ownMethods(fleet).find((each): each is UserpassMethod => each.method === "userpass");

export interface RateLimit {
  readonly name: string;
  /** The mount. */
  readonly path: string;
  /** Requests a second of one address. */
  readonly rate: number;
}

/** A limit for each mount of the fleet's own; no mount's path but those of domains has a dot, so no two are called alike. */
export function rateLimits(fleet: Fleet): readonly RateLimit[] {
  const { limits, mounts, domains } = fleet;
  const signIn = [...domains.map(hostsMountOf), ...ownMethods(fleet).map(({ path }) => path)];
  return [
    ...signIn.map((path) => ({ path: `auth/${path}`, rate: limits.signIn })),
    ...[mounts.hostCa, mounts.userCa].map((path) => ({ path, rate: limits.sign })),
    { path: store, rate: limits.store },
  ].map((each) => ({ ...each, name: `ssh-trust-limit-${each.path.replaceAll("/", ".")}` }));
}
