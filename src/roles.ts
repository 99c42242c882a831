/**
 * What a CA may sign, as data: the stacks turn it into Terraform. Which roles there are is for those to say who hand them in;
 * what none of them may say stands here. `docs/roles.md` gives the reason for each value.
 */
import { isHostName } from "./ground/host-name.js";
import { isPrincipal } from "./ground/principal.js";

export interface SshRole {
  /** The mount of the SSH secrets engine. */
  readonly mount: string;
  readonly name: string;
  readonly certificates: "host" | "user";
  /**
   * Users: the one principal, or the list where none is signed unasked. Hosts: the bare names that may be certified, no wildcard,
   * no subdomain; each may be a template that Vault fills with what it knows of the asker's identity, with a domain after it.
   */
  readonly principals: readonly string[];
  /** Users: whether the principal is signed where none is asked for; true where it is left out. */
  readonly signsUnasked?: boolean;
  /** Seconds. */
  readonly ttl: number;
  readonly maxTtl: number;
  /** Extensions in every certificate, with their values; users only. */
  readonly extensions: Readonly<Record<string, string>>;
  /** What the server writes as the key id; `common.keyIdFormat` where it is left out. */
  readonly keyIdFormat?: string;
}

/** What all roles share. */
export const common = {
  /** No certificate may carry a critical option: an empty list would mean "any", so the list names one that cannot be. */
  allowedCriticalOptions: "none@locked",
  /** Certificates start this many seconds early, for clocks that are behind. */
  notBefore: 30,
  /** The server writes the key id, so that a log line leads back to role, person and key. */
  keyIdFormat: "{{role_name}}:{{token_display_name}}:{{public_key_hash}}",
  /** The keys that may be certified, with their exact sizes in bits (0: the type has one size). */
  keys: [
    { type: "rsa", lengths: [2048, 3072, 4096] },
    { type: "ecdsa", lengths: [256, 384, 521] },
    { type: "ed25519", lengths: [0] },
  ],
} as const;

/**
 * What is wrong with a role; undefined where nothing is. None signs for everybody: not by a wildcard, not by an empty list.
 * @example
 * ```ts
 * import { problemOfRole } from "ssh-trust";
 *
 * const role = { mount: "user-ssh", name: "admins", certificates: "user", ttl: 900, maxTtl: 3600, extensions: {} } as const;
 * console.log(problemOfRole({ ...role, principals: ["admin"] })); // undefined
 * console.log(problemOfRole({ ...role, principals: ["*"] })); // "*" is not one principal: patterns and lists are refused
 * ```
 */
export function problemOf({
  certificates,
  principals,
  signsUnasked = true,
  ttl,
  maxTtl,
  extensions,
}: SshRole): string | undefined {
  const odd = principals.find((name) => !isTemplate(name) && !isPrincipal(name));
  if (principals.length === 0) return "it names no principal";
  if (odd !== undefined) return `"${odd}" is not one principal: patterns and lists are refused`;
  if (certificates === "user" && signsUnasked && principals.length > 1) return "a role for users has one principal";
  if (certificates === "host" && Object.keys(extensions).length > 0) return "host certificates have no extensions";
  const whole = [ttl, maxTtl].every((seconds) => Number.isInteger(seconds) && seconds > 0);
  return whole && ttl <= maxTtl ? undefined : "ttl and maxTtl must be whole seconds, and ttl at most maxTtl";
}

/** Filled by Vault with what it knows of the asker; a domain may follow, which no asker chooses. */
const isTemplate = (name: string) => {
  const found = /^\{\{identity\.[\w.]+\}\}(?:\.(?<domain>.*))?$/s.exec(name.replace(reference, "accessor"));
  const domain = found?.groups?.["domain"];
  return found !== null && (domain === undefined || isHostName(domain));
};
/** Of Terraform, to the accessor of a mount. */
const reference = /\$\{[\w.-]+\.accessor\}/;

/** What the stacks of `stacks/` are made from. */
export interface Stacks {
  /** Each is a stack of the name of its mount. */
  readonly cas: readonly SshRole[];
  /** Whether every plan is refused that would destroy a mount, and with it a CA's key. */
  readonly protect: boolean;
}
