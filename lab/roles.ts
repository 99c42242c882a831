/** What the tutorial's CAs may sign. */
import type { MachineTokens, SshRole } from "../src/roles.js";
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
  extensions: {},
};

/** What a machine of the cloud may do: have its keys signed, and nothing else. It names a policy and a token role. */
export const cloudTokens: MachineTokens = { name: "ssh-trust-cloud-host", period: 24 * hour, aliases: "ssh-trust-cloud-*" };

export const userRole: SshRole = {
  mount: "user-ssh",
  name: "user-ssh",
  certificates: "user",
  principals: [account],
  ttl: 15 * minute,
  maxTtl: hour,
  extensions: { "permit-pty": "" },
};

/** The npm tasks that make each mount with its role, and the CA's key pair. */
export const tasksOf = {
  [hostRole.mount]: { apply: "terraform-apply-ssh-with-signed-hostkey", generate: "generate-host-signing-key" },
  [userRole.mount]: { apply: "terraform-apply-ssh-with-trusted-user-ca", generate: "generate-user-signing-key" },
} as const satisfies Readonly<Record<string, { readonly apply: string; readonly generate: string }>>;

/** What the stacks are told: CDKTF context. */
export const stacksContext = {
  cas: [hostRole, userRole],
  machines: [{ stack: "cloud-hosts", role: cloudRole, tokens: cloudTokens }],
};
