/** Errors of Vault or OpenBao: the way there, the token, mounts, roles, signing. */
import type { Entry, Fields } from "./entry.js";

export const vaultErrors = {
  VAULT_UNREACHABLE: {
    message: (p: Fields<"address" | "reason">) => `no Vault answers at ${p.address}: ${p.reason}`,
    hint: () => "correct VAULT_ADDR, or unset it to use the lab's own: npm run start-vault",
    exit: 1,
  },
  VAULT_NOT_REACHABLE_FROM_CONTAINERS: {
    message: (p: Fields<"address">) =>
      `${p.address} is this machine's own address, so the lab's containers cannot reach that Vault`,
    hint: () => "set VAULT_CONTAINER_ADDR to an address that containers can reach, such as http://172.17.0.1:8200",
    exit: 1,
  },
  VAULT_SEALED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} is sealed, so it signs nothing`,
    hint: () => "unseal it: vault operator unseal (or: bao operator unseal)",
    exit: 1,
  },
  VAULT_NOT_INITIALISED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} has never been initialised`,
    hint: () => "initialise it: vault operator init (or: bao operator init)",
    exit: 1,
  },
  VAULT_ADDR_MISSING: {
    message: (p: Fields<"what">) => `${p.what} goes to the Vault that VAULT_ADDR names, and it names none`,
    hint: () => "name it: export VAULT_ADDR=https://vault.example:8200 (the lab's own: http://localhost:8200)",
    exit: 2,
  },
  VAULT_TOKEN_MISSING: {
    message: (p: Fields<"address">) => `VAULT_ADDR names ${p.address}, but there is no token for it`,
    hint: () => "export VAULT_TOKEN, or unset VAULT_ADDR to use the lab's own server",
    exit: 1,
  },
  VAULT_TOKEN_REFUSED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} does not accept the token`,
    hint: () => "log in again and export the new VAULT_TOKEN; the lab's own server takes root-token",
    exit: 1,
  },
  VAULT_PERMISSION_DENIED: {
    message: (p: Fields<"path">) => `the token may not use "${p.path}"`,
    hint: () => "use a token with a policy that allows it: vault token capabilities <path>",
    exit: 1,
  },
  VAULT_REDIRECTED: {
    message: (p: Fields<"address" | "location">) =>
      `Vault at ${p.address} sends requests on to ${p.location}; the token is not sent there`,
    hint: () => "set VAULT_ADDR to the address of the active server",
    exit: 1,
  },
  VAULT_MOUNT_MISSING: {
    message: (p: Fields<"mount">) => `Vault has no SSH secrets engine at "${p.mount}"`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  VAULT_MOUNT_CONFLICT: {
    message: (p: Fields<"mount" | "type">) => `Vault's mount "${p.mount}" is of type ${p.type}, not ssh`,
    hint: () => "move it away or use another server: vault secrets move <from> <to>",
    exit: 1,
  },
  VAULT_NOT_OURS: {
    message: (p: Fields<"what">) => `Vault has ${p.what} already, and this project did not make it`,
    hint: () => "look at it first; to take it over and change it: npm run terraform-apply-… -- --adopt",
    exit: 1,
  },
  VAULT_ROLE_MISSING: {
    message: (p: Fields<"mount" | "role">) => `Vault's mount "${p.mount}" has no role "${p.role}"`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  CA_NOT_GENERATED: {
    message: (p: Fields<"mount">) => `Vault's mount "${p.mount}" has no signing key yet`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  VAULT_SIGN_DENIED: {
    message: (p: Fields<"mount" | "role" | "reason">) =>
      `Vault refused to sign (mount "${p.mount}", role "${p.role}"): ${p.reason}`,
    hint: () => "ask for what the role allows, or change src/roles.ts and apply it again",
    exit: 1,
  },
  VAULT_BUSY: {
    message: (p: Fields<"address" | "status">) => `Vault at ${p.address} is overloaded or standing by (HTTP ${p.status})`,
    hint: () => "wait a moment and run the same command again",
    exit: 1,
  },
  VAULT_ANSWER_UNEXPECTED: {
    message: (p: Fields<"path" | "what">) => `Vault's answer for "${p.path}" is not what its API says: ${p.what}`,
    hint: () => "check that VAULT_ADDR names a Vault or an OpenBao server",
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
