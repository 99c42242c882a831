/**
 * What the CAs may sign. Plain data: the stacks turn it into Terraform, the tests hold it against real servers.
 *
 * The values are stricter than Vault's own tutorial; `docs/roles.md` gives the reason for each.
 */
import { lab } from "../lab/names.js";

export interface SshRole {
  /** The mount of the SSH secrets engine. */
  readonly mount: string;
  readonly name: string;
  readonly certificates: "host" | "user";
  /**
   * Users: the one principal. Hosts: the bare names that may be certified, no wildcard, no subdomain; each may be a template
   * that Vault fills with what it knows of the asker's identity.
   */
  readonly principals: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  readonly maxTtl: number;
  /** The npm tasks that make the mount and role, and the CA's key pair: for hints. */
  readonly tasks: { readonly apply: string; readonly generate: string };
  /** Extensions in every certificate, with their values; users only. */
  readonly extensions: Readonly<Record<string, string>>;
}

const minute = 60;
const hour = 60 * minute;

export const hostRole: SshRole = {
  mount: "host-ssh",
  name: "host-ssh",
  certificates: "host",
  principals: [lab.hostName],
  ttl: 24 * hour,
  maxTtl: 48 * hour,
  tasks: { apply: "terraform-apply-ssh-with-signed-hostkey", generate: "generate-host-signing-key" },
  extensions: {},
};

/**
 * The machines of the small cloud: each has an identity of its own, and is signed that identity's names and no other
 * machine's.
 */
export const cloudRole: SshRole = {
  mount: hostRole.mount,
  name: "cloud-host",
  certificates: "host",
  principals: ["{{identity.entity.metadata.host}}", "{{identity.entity.metadata.service}}"],
  ttl: 24 * hour,
  maxTtl: 48 * hour,
  tasks: { apply: "terraform-apply-cloud-hosts", generate: hostRole.tasks.generate },
  extensions: {},
};

/** What a machine of the cloud may do: have its keys signed, and nothing else. It names a policy and a token role. */
export const cloudTokens = { name: "ssh-trust-cloud-host", period: 24 * hour, aliases: "ssh-trust-cloud-*" } as const;

export const userRole: SshRole = {
  mount: "user-ssh",
  name: "user-ssh",
  certificates: "user",
  principals: [lab.account],
  ttl: 15 * minute,
  maxTtl: hour,
  tasks: { apply: "terraform-apply-ssh-with-trusted-user-ca", generate: "generate-user-signing-key" },
  extensions: { "permit-pty": "" },
};

/** What both roles share. */
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
