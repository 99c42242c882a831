/** Vault (or OpenBao) as this project needs it, spoken to over its API. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import { isPrivateLine } from "../ground/loopback.js";
import { checkPrincipal } from "../ground/principal.js";
import type { VaultSettings } from "../settings/vault.js";
import { connect, serverTime } from "./connection.js";
import { refusalOf, refused, signRefused } from "./refusals.js";
import { requireToken } from "./token.js";
import type { VaultClient, VaultServer } from "./vault-client.js";

const health = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  version: z.string(),
  enterprise: z.boolean().optional(),
  cluster_id: z.string().default(""), // not while it is sealed
});
const mounts = z.object({ data: z.record(z.string(), z.object({ type: z.string() }).loose()) });
const signed = z.object({ data: z.object({ signed_key: z.string().min(1) }) });

/** OpenBao began with version 2; a Vault that is as new says whether it is an enterprise's. */
function serverOf({ version, enterprise, cluster_id: cluster }: z.infer<typeof health>): VaultServer {
  return { name: enterprise === undefined && Number.parseInt(version, 10) >= 2 ? "OpenBao" : "Vault", version, cluster };
}

/** A public key without its comment. */
const keyOf = (line: string) => line.split(" ").slice(0, 2).join(" ");

/**
 * Speaks to the server of the settings. No request is made before the first question.
 * @example
 * ```ts
 * import { connectVault, parsePublicKey, readVaultSettings } from "ssh-trust";
 *
 * const settings = readVaultSettings(); // VAULT_ADDR and VAULT_TOKEN
 * if (settings === undefined) throw new Error("set VAULT_ADDR");
 * const vault = connectVault(settings);
 * const key = await vault.requireCaPublicKey("user-ssh"); // what hosts name in TrustedUserCAKeys
 * console.log(parsePublicKey(key).kind); // ED25519
 * ```
 */
export function connectVault(settings: VaultSettings): VaultClient {
  const { address } = settings;
  const connection = connect(settings);
  const { client, anonymous, outside, ask, askFor, read } = connection;

  /** @param absent statuses that mean: no key, or no mount */
  async function publicKeyOf(mount: string, absent: readonly number[]): Promise<string | undefined> {
    const path = `${mount}/public_key`;
    const answer = await askFor(path, anonymous.read(path), absent);
    if (answer === undefined) return undefined;
    return read(path, z.string().startsWith("ssh-", "not a public key").or(z.string().startsWith("ecdsa-")), answer).trim();
  }

  const vault: VaultClient = {
    address,

    async checkReady() {
      requireToken(settings);
      const path = "sys/health";
      const answer = await ask(path, outside.read(path));
      // node-vault takes any answer here for a good one; another question tells a proxy that is overloaded from no Vault at all.
      if (!health.safeParse(answer).success) await ask("sys/seal-status", outside.read("sys/seal-status"));
      const state = read(path, health, answer);
      if (!state.initialized) throw fail("VAULT_NOT_INITIALISED", { address });
      if (state.sealed) throw fail("VAULT_SEALED", { address });
      const { namespace } = settings;
      // It would take no notice of a namespace, and everything would go elsewhere.
      if (namespace !== undefined && state.enterprise === false) throw fail("VAULT_NAMESPACE_MISSING", { address, namespace });
      try {
        await client.read("auth/token/lookup-self");
      } catch (error) {
        const status = refusalOf(error)?.status;
        if (status === 403) throw fail("VAULT_TOKEN_REFUSED", { address });
        if (status === 404 && namespace !== undefined) throw fail("VAULT_NAMESPACE_MISSING", { address, namespace });
        throw refused(error, address, "auth/token/lookup-self");
      }
      return serverOf(state);
    },

    now: () => serverTime(connection),

    async mountType(mount) {
      const path = "sys/mounts";
      return read(path, mounts, await ask(path, client.read(path))).data[`${mount}/`]?.type;
    },

    hasRole: (role) => vault.has(`${role.mount}/roles/${role.name}`),

    async has(path) {
      return (await askFor(path, client.read(path), [404])) !== undefined;
    },

    // Without a token, a mount that is not there is answered with 403.
    caPublicKey: (mount) => publicKeyOf(mount, [403, 404]),

    async requireCaPublicKey(mount) {
      const key = await vault.caPublicKey(mount);
      if (key === undefined) throw fail("CA_NOT_GENERATED", { mount });
      return key;
    },

    async ensureCa(role, beforeMaking) {
      if ((await vault.mountType(role.mount)) === undefined) {
        throw fail("VAULT_MOUNT_MISSING", { mount: role.mount });
      }
      const there = await publicKeyOf(role.mount, [404]); // a refusal does not say that there is none
      if (there !== undefined) return { publicKey: there, made: false };
      const path = `${role.mount}/config/ca`;
      await beforeMaking?.();
      await ask(path, client.write(path, { generate_signing_key: true, key_type: "ed25519" }));
      return { publicKey: await vault.requireCaPublicKey(role.mount), made: true };
    },

    async importCa(mount, { privateKey, publicKey }) {
      if (!isPrivateLine(address)) throw fail("OFFLINE_CA_IMPORT_IN_CLEAR", { address });
      await vault.checkReady();
      const type = await vault.mountType(mount);
      if (type === undefined) throw fail("OFFLINE_CA_MOUNT_MISSING", { mount, address });
      if (type !== "ssh") throw fail("VAULT_MOUNT_CONFLICT", { mount, type, needed: "ssh" });
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
