/** What is asked of Vault (or OpenBao): a few typed questions, each with the errors of the catalogue. */
import type { SshRole } from "../roles.js";

export interface SignRequest {
  /** One line, as in a .pub file. */
  readonly publicKey: string;
  readonly principals: readonly string[];
  /** Seconds; the role's own TTL where it is left out. */
  readonly ttl?: number | undefined;
}

export interface ImportedKeys {
  /** One line, as in a .pub file. */
  readonly publicKey: string;
  /** In OpenSSH's own form or in PEM, without a passphrase; asked for only when the mount will take it. */
  readonly privateKey: () => Promise<string>;
}

/** What answers at the address. */
export interface VaultServer {
  readonly name: "Vault" | "OpenBao";
  readonly version: string;
  /** The id that no other server, or cluster of servers, has. */
  readonly cluster: string;
}

export interface VaultClient {
  readonly address: string;
  /**
   * The server's name and version, once it is known to be ready and to take the token.
   * @throws VAULT_UNREACHABLE, VAULT_SEALED, VAULT_NOT_INITIALISED, VAULT_NAMESPACE_MISSING, VAULT_TOKEN_REFUSED
   */
  checkReady(): Promise<VaultServer>;
  /** The server's clock, to a second. */
  now(): Promise<Date>;
  /** The type of what is mounted at a path, or undefined. */
  mountType(mount: string): Promise<string | undefined>;
  hasRole(role: SshRole): Promise<boolean>;
  /** Whether something can be read at a path of the API, such as "sys/policies/acl/reader". */
  has(path: string): Promise<boolean>;
  /** The CA's public key, one line, from the endpoint that anyone may read; undefined while there is none. */
  caPublicKey(mount: string): Promise<string | undefined>;
  /** The same where it has to be there. @throws CA_NOT_GENERATED */
  requireCaPublicKey(mount: string): Promise<string>;
  /**
   * Makes the CA's key pair, Ed25519, inside Vault; its public key comes back.
   * One that exists is never replaced: OpenBao would silently add a second, so it is asked first.
   * @param beforeMaking done right before; what it throws stops it
   */
  ensureCa(
    role: Pick<SshRole, "mount">,
    beforeMaking?: () => Promise<void>,
  ): Promise<{ readonly publicKey: string; readonly made: boolean }>;
  /**
   * Makes an existing key pair the signing key of a mount. One that exists is never replaced; the same one is left as it is.
   * @throws OFFLINE_CA_MOUNT_MISSING, VAULT_MOUNT_CONFLICT, OFFLINE_CA_MOUNT_TAKEN, OFFLINE_CA_IMPORT_IN_CLEAR
   */
  importCa(mount: string, keys: ImportedKeys): Promise<{ readonly made: boolean }>;
  /**
   * Has a public key signed; the certificate comes back as one line.
   * @throws PRINCIPAL_INVALID, VAULT_SIGN_DENIED, CA_NOT_GENERATED, VAULT_ROLE_MISSING, VAULT_MOUNT_MISSING
   */
  sign(role: SshRole, request: SignRequest): Promise<string>;
}
