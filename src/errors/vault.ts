/** Errors of Vault or OpenBao: the way there, the token, mounts, roles, signing. */
import type { Entry, Fields } from "./entry.js";
import { exampleAddress, vaultCall, type Advice } from "./hint.js";

/** The same command of both servers' own programs. */
const eitherCli = (say: string, command: string): readonly Advice[] => [
  { say, run: vaultCall(`vault ${command}`) },
  { say: "or", run: vaultCall(`bao ${command}`) },
];

export const vaultErrors = {
  VAULT_UNREACHABLE: {
    message: (p: Fields<"address" | "reason">) => `no Vault answers at ${p.address}: ${p.reason}`,
    hint: (p: Fields<"source" | "command">) => ({
      say: `the address is from ${p.source}: correct it there, or check that the server is running`,
      run: p.command,
    }),
    exit: 1,
  },
  VAULT_TLS_FAILED: {
    message: (p: Fields<"address" | "reason">) => `the TLS connection to Vault at ${p.address} failed: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  TLS_VERIFICATION_OFF: {
    message: (p: Fields<"name">) =>
      `${p.name} is set, but the server's certificate is always verified: anyone who could pose as Vault would get the token and sign keys`,
    hint: (p: Fields<"name">) => ({
      say: "name the CA that signed the server's certificate",
      run: `unset ${p.name} && export VAULT_CACERT=<file>`,
    }),
    exit: 2,
  },
  VAULT_SEALED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} is sealed, so it signs nothing`,
    hint: () => eitherCli("unseal it", "operator unseal"),
    exit: 1,
  },
  VAULT_NOT_INITIALISED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} has never been initialised`,
    hint: () => eitherCli("initialise it", "operator init"),
    exit: 1,
  },
  VAULT_NAMESPACE_MISSING: {
    message: (p: Fields<"address" | "namespace">) => `Vault at ${p.address} has no namespace "${p.namespace}"`,
    hint: () => [
      {
        say: 'correct or remove it where it was set: "namespace" in the fleet file, or the variable',
        run: "unset VAULT_NAMESPACE",
      },
    ],
    exit: 1,
  },
  VAULT_ADDR_MISSING: {
    message: (p: Fields<"what">) => `${p.what} goes to the server that VAULT_ADDR names, and it is not set`,
    hint: () => ({ say: "name it", run: `export VAULT_ADDR=${exampleAddress}` }),
    exit: 2,
  },
  VAULT_TOKEN_MISSING: {
    message: (p: Fields<"address">) => `there is no token for Vault at ${p.address} (VAULT_TOKEN, ~/.vault-token)`,
    hint: (p: Fields<"address">) => [
      { say: "sign in", run: `VAULT_ADDR=${p.address} vault login` },
      { say: "or", run: `BAO_ADDR=${p.address} bao login` },
    ],
    exit: 1,
  },
  VAULT_TOKEN_REFUSED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} does not accept the token`,
    hint: (p: Fields<"address">) => [
      { say: "it may have expired; sign in again", run: `unset VAULT_TOKEN; VAULT_ADDR=${p.address} vault login` },
      { say: "or export a new VAULT_TOKEN" },
    ],
    exit: 1,
  },
  VAULT_PERMISSION_DENIED: {
    message: (p: Fields<"path">) => `the token may not use "${p.path}"`,
    hint: (p: Fields<"path">) => [
      { say: "use a token whose policy allows it, and that has not expired" },
      { say: "what this one may do there", run: vaultCall(`vault token capabilities ${p.path}`) },
    ],
    exit: 1,
  },
  VAULT_REDIRECTED: {
    message: (p: Fields<"address" | "location">) =>
      `Vault at ${p.address} redirects requests to ${p.location}; nothing was sent there`,
    hint: (p: Fields<"source">) => ({ say: `the address is from ${p.source}: set it to that of the active server` }),
    exit: 1,
  },
  VAULT_MOUNT_MISSING: {
    message: (p: Fields<"mount">) => `Vault has no SSH secrets engine at "${p.mount}"`,
    hint: (p: Fields<"mount">) => ({ say: "create it", run: vaultCall(`vault secrets enable -path=${p.mount} ssh`) }),
    exit: 1,
  },
  VAULT_MOUNT_CONFLICT: {
    message: (p: Fields<"mount" | "type" | "needed">) => `Vault's mount "${p.mount}" is of type ${p.type}, not ${p.needed}`,
    hint: (p: Fields<"mount">) => ({
      say: "move it away or use another server",
      run: vaultCall(p.mount.startsWith("auth/") ? `vault auth move ${p.mount} auth/<to>` : `vault secrets move ${p.mount} <to>`),
    }),
    exit: 1,
  },
  VAULT_NOT_OURS: {
    message: (p: Fields<"what">) => `Vault has ${p.what} already, and this project did not create it`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  VAULT_ROLE_MISSING: {
    message: (p: Fields<"mount" | "role">) => `Vault's mount "${p.mount}" has no role "${p.role}"`,
    hint: (p: Fields<"mount">) => ({ say: "list its roles", run: vaultCall(`vault list ${p.mount}/roles`) }),
    exit: 1,
  },
  CA_NOT_GENERATED: {
    message: (p: Fields<"mount">) => `Vault's mount "${p.mount}" has no signing key yet`,
    hint: (p: Fields<"mount">) => ({
      say: "create it",
      run: vaultCall(`vault write ${p.mount}/config/ca generate_signing_key=true key_type=ed25519`),
    }),
    exit: 1,
  },
  VAULT_SIGN_DENIED: {
    message: (p: Fields<"mount" | "role" | "reason">) =>
      `Vault refused to sign (mount "${p.mount}", role "${p.role}"): ${p.reason}`,
    hint: (p: Fields<"mount" | "role">) => ({
      say: "ask for what the role allows",
      run: vaultCall(`vault read ${p.mount}/roles/${p.role}`),
    }),
    exit: 1,
  },
  VAULT_IN_CLEAR: {
    message: (p: Fields<"address" | "source">) =>
      `${p.source} says ${p.address}: without TLS, others could read passwords and tokens on the way, or answer as Vault`,
    hint: () => [
      { say: "use the server's https address", run: `export VAULT_ADDR=${exampleAddress}` },
      { say: "only for a test, on a network that you trust", run: "export SSH_TRUST_ALLOW_HTTP=yes" },
    ],
    exit: 2,
  },
  VAULT_BUSY: {
    message: (p: Fields<"address" | "status">) => `Vault at ${p.address} is overloaded or in standby (HTTP ${p.status})`,
    hint: () => ({ say: "wait a moment and run the same command again" }),
    exit: 1,
  },
  VAULT_PROVIDER_REFUSED: {
    message: (p: Fields<"path" | "reason">) => `Vault cannot use the identity provider of "${p.path}": ${p.reason}`,
    hint: () => [
      {
        say: "on Vault's machine, see whether the issuer that the fleet file names answers",
        run: "curl -sS <issuer>/.well-known/openid-configuration",
      },
      { say: 'correct "issuer", or name its private CA as "ca", and run the same command again: it continues from there' },
    ],
    exit: 1,
  },
  VAULT_ANSWER_UNEXPECTED: {
    message: (p: Fields<"path" | "what">) => `Vault's answer for "${p.path}" is not what its API defines: ${p.what}`,
    hint: () => ({
      say: "check that the address is that of a Vault or an OpenBao server, and that no proxy in between answers instead",
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
