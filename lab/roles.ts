/** What the tutorial's CAs may sign. */
import type { SshRole } from "../src/roles.js";
import { account, hostName } from "./story.js";

const minute = 60;
const hour = 60 * minute;

export const hostRole: SshRole = {
  mount: "host-ssh",
  name: "host-ssh",
  certificates: "host",
  principals: [hostName],
  ttl: 24 * hour,
  maxTtl: 48 * hour,
  extensions: {},
};

export const userRole: SshRole = {
  mount: "user-ssh",
  name: "user-ssh",
  certificates: "user",
  principals: [account],
  ttl: 15 * minute,
  maxTtl: hour,
  extensions: { "permit-pty": "" },
};

/** The mounts of the small cloud's own two CAs; what they sign is said in its fleet file. */
export const cloudCas = { host: "cloud-host-ssh", user: "cloud-user-ssh" } as const;

/** The npm tasks that make each mount with its role, and the CA's key pair. */
export const tasksOf = {
  [hostRole.mount]: { apply: "terraform-apply-ssh-with-signed-hostkey", generate: "generate-host-signing-key" },
  [userRole.mount]: { apply: "terraform-apply-ssh-with-trusted-user-ca", generate: "generate-user-signing-key" },
  [cloudCas.host]: { apply: "apply-fleet", generate: "apply-fleet" },
  [cloudCas.user]: { apply: "apply-fleet", generate: "apply-fleet" },
} as const satisfies Readonly<Record<string, { readonly apply: string; readonly generate: string }>>;

/** What the stacks are told: CDKTF context. */
export const stacksContext = { cas: [hostRole, userRole] };
