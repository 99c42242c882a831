/** Vault (or OpenBao) as this project needs it: a few typed questions, each with the errors of the catalogue. */
import { z } from "zod";
import { fail } from "../errors/catalogue.js";
import type { SshRole } from "../roles.js";
import type { VaultSettings } from "../settings.js";
import { connect } from "./connection.js";
import { refusalOf, refused, signRefused } from "./refusals.js";
import { requireToken } from "./token.js";

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
}

export interface VaultClient {
  readonly address: string;
  /**
   * The server's name and version, once it is known to be ready and to take the token.
   * @throws VAULT_UNREACHABLE, VAULT_SEALED, VAULT_NOT_INITIALISED, VAULT_TOKEN_REFUSED
   */
  checkReady(): Promise<VaultServer>;
  /** The type of what is mounted at a path, or undefined. */
  mountType(mount: string): Promise<string | undefined>;
  hasRole(role: SshRole): Promise<boolean>;
  /** Whether something can be read at a path of the API, such as "sys/policies/acl/reader". */
  has(path: string): Promise<boolean>;
  /** The CA's public key, one line, from the endpoint that anyone may read; undefined while there is none. */
  caPublicKey(mount: string): Promise<string | undefined>;
  /**
   * Makes the CA's key pair, Ed25519, inside Vault; its public key comes back.
   * One that exists is never replaced: OpenBao would silently add a second, so it is asked first.
   */
  ensureCa(role: SshRole): Promise<{ readonly publicKey: string; readonly made: boolean }>;
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

const health = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  version: z.string(),
  enterprise: z.boolean().optional(),
});
const mounts = z.object({ data: z.record(z.string(), z.object({ type: z.string() }).loose()) });
const signed = z.object({ data: z.object({ signed_key: z.string().min(1) }) });

/**
 * One name, nothing that a server could read as several or as a pattern (CVE-2026-35414: a comma inside a principal).
 * @throws PRINCIPAL_INVALID
 */
function checkPrincipal(principal: string): void {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._@-]*$/.test(principal)) throw fail("PRINCIPAL_INVALID", { principal });
}

/** OpenBao began with version 2; a Vault that is as new says whether it is an enterprise's. */
function serverOf({ version, enterprise }: z.infer<typeof health>): VaultServer {
  return { name: enterprise === undefined && Number.parseInt(version, 10) >= 2 ? "OpenBao" : "Vault", version };
}

/** Whether nobody between here and the server can read along. */
function isPrivateLine(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** A public key without its comment. */
const keyOf = (line: string) => line.split(" ").slice(0, 2).join(" ");

/** Speaks to the server of the settings. No request is made before the first question. */
export function connectVault(settings: VaultSettings): VaultClient {
  const { address } = settings;
  const { client, anonymous, ask, askFor, read } = connect(settings);

  const vault: VaultClient = {
    address,

    async checkReady() {
      requireToken(settings);
      const path = "sys/health";
      const state = read(path, health, await ask(path, anonymous.read(path)));
      if (!state.initialized) throw fail("VAULT_NOT_INITIALISED", { address });
      if (state.sealed) throw fail("VAULT_SEALED", { address });
      try {
        await client.read("auth/token/lookup-self");
      } catch (error) {
        if (refusalOf(error)?.status === 403) throw fail("VAULT_TOKEN_REFUSED", { address });
        throw refused(error, address, "auth/token/lookup-self");
      }
      return serverOf(state);
    },

    async mountType(mount) {
      const path = "sys/mounts";
      return read(path, mounts, await ask(path, client.read(path))).data[`${mount}/`]?.type;
    },

    hasRole: (role) => vault.has(`${role.mount}/roles/${role.name}`),

    async has(path) {
      return (await askFor(path, client.read(path), [404])) !== undefined;
    },

    async caPublicKey(mount) {
      const path = `${mount}/public_key`;
      // Without a token, a mount that is not there is answered with 403.
      const answer = await askFor(path, anonymous.read(path), [403, 404]);
      if (answer === undefined) return undefined;
      return read(path, z.string().startsWith("ssh-", "not a public key").or(z.string().startsWith("ecdsa-")), answer).trim();
    },

    async ensureCa(role) {
      if ((await vault.mountType(role.mount)) === undefined) {
        throw fail("VAULT_MOUNT_MISSING", { mount: role.mount, task: role.tasks.apply });
      }
      const there = await vault.caPublicKey(role.mount);
      if (there !== undefined) return { publicKey: there, made: false };
      const path = `${role.mount}/config/ca`;
      await ask(path, client.write(path, { generate_signing_key: true, key_type: "ed25519" }));
      const publicKey = await vault.caPublicKey(role.mount);
      if (publicKey === undefined) throw fail("CA_NOT_GENERATED", { mount: role.mount, task: role.tasks.generate });
      return { publicKey, made: true };
    },

    async importCa(mount, { privateKey, publicKey }) {
      if (!isPrivateLine(address)) throw fail("OFFLINE_CA_IMPORT_IN_CLEAR", { address });
      await vault.checkReady();
      const type = await vault.mountType(mount);
      if (type === undefined) throw fail("OFFLINE_CA_MOUNT_MISSING", { mount, address });
      if (type !== "ssh") throw fail("VAULT_MOUNT_CONFLICT", { mount, type });
      const there = await vault.caPublicKey(mount);
      if (there === undefined) {
        const path = `${mount}/config/ca`;
        const body = { generate_signing_key: false, private_key: await privateKey(), public_key: publicKey };
        await ask(path, client.write(path, body));
      }
      const key = keyOf(there ?? (await vault.caPublicKey(mount)) ?? "none");
      if (key !== keyOf(publicKey)) throw fail("OFFLINE_CA_MOUNT_TAKEN", { mount, key });
      return { made: there === undefined };
    },

    async sign(role, request) {
      requireToken(settings);
      for (const principal of request.principals) checkPrincipal(principal);
      const path = `${role.mount}/sign/${role.name}`;
      const body = {
        cert_type: role.certificates,
        public_key: request.publicKey,
        valid_principals: request.principals.join(","),
        ...(request.ttl === undefined ? {} : { ttl: `${String(request.ttl)}s` }),
      };
      try {
        const answer: unknown = await client.write(path, body);
        return read(path, signed, answer).data.signed_key.trim();
      } catch (error) {
        throw signRefused(error, address, path, role);
      }
    },
  };
  return vault;
}
