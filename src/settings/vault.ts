/**
 * Where Vault or OpenBao is, and how to get there: the variables of their own command-line programs, with the same meaning.
 * Where both servers' names are set, Vault's counts.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import { isHostName } from "../ground/host-name.js";
import { isPrivateLine } from "../ground/loopback.js";
import { file, goBoolean, headerValue, httpAddress, read, readNamed, type Env } from "./reader.js";

/** Files are absolute paths, PEM. */
export interface TlsSettings {
  /** The CAs that may sign the server's certificate, instead of those that the system trusts. */
  readonly caCert?: string;
  /** A folder with files of such CAs; caCert counts where both are there. */
  readonly caPath?: string;
  /** The same as PEM text, from a file that has it among other things; caCert counts where both are there. */
  readonly caText?: string;
  /** What this client shows, where the server asks for it. */
  readonly client?: { readonly cert: string; readonly key: string };
  /** The name that the server's certificate must have, where that is not the address's. */
  readonly serverName?: string;
}

export interface VaultSettings {
  /** Without a slash at the end. */
  readonly address: string;
  /** Where the address is from, for a message: "VAULT_ADDR", "--vault". */
  readonly addressSource?: string;
  /** Undefined: asking for anything but public keys fails. */
  readonly token: string | undefined;
  /** Where the token is from: "VAULT_TOKEN", "~/.vault-token". */
  readonly tokenSource: string | undefined;
  readonly namespace: string | undefined;
  readonly tls: TlsSettings;
}

const hostName = z.string().refine((name) => isHostName(name.toLowerCase()), "not a host name");
const tokenFile = "~/.vault-token";

/**
 * | variable | meaning |
 * |---|---|
 * | `VAULT_ADDR`, `BAO_ADDR` | the server |
 * | `VAULT_TOKEN`, `BAO_TOKEN` | the token; else what `vault login` wrote to `~/.vault-token` |
 * | `VAULT_NAMESPACE`, `BAO_NAMESPACE` | the namespace |
 * | `VAULT_CACERT`, `BAO_CACERT` | a file with the CAs that may sign the server's certificate |
 * | `VAULT_CAPATH`, `BAO_CAPATH` | a folder with files of such CAs |
 * | `VAULT_CLIENT_CERT` and `_KEY`, `BAO_CLIENT_CERT` and `_KEY` | files with the client's certificate and its key |
 * | `VAULT_TLS_SERVER_NAME`, `BAO_TLS_SERVER_NAME` | the name in the server's certificate |
 * | `VAULT_SKIP_VERIFY`, `BAO_SKIP_VERIFY` | refused where it is true |
 *
 * @returns undefined where no server is named: there is no default one
 * @throws SETTING_INVALID, TLS_VERIFICATION_OFF
 * @example
 * ```ts
 * import { readVaultSettings } from "ssh-trust";
 *
 * const settings = readVaultSettings({ VAULT_ADDR: "https://vault.example.org:8200/", VAULT_TOKEN: "s.example" });
 * console.log(settings?.address); // https://vault.example.org:8200
 * console.log(readVaultSettings({})); // undefined
 * ```
 */
export function readVaultSettings(env: Env = process.env, home: string = homedir()): VaultSettings | undefined {
  const server = readNamed(env, both("ADDR"), httpAddress);
  if (server === undefined) return undefined;
  const given = readTokenVariable(env) ?? storedToken(home);
  return Object.freeze({
    address: server.value,
    addressSource: server.name,
    token: given?.value,
    tokenSource: given?.name,
    namespace: read(env, both("NAMESPACE"), headerValue),
    tls: readTlsSettings(env),
  });
}

/**
 * For what sends a password, or a token, there: http only to this machine, or with `SSH_TRUST_ALLOW_HTTP=yes`, for labs, as
 * ssh-trust-host has it.
 * @throws VAULT_IN_CLEAR, SETTING_INVALID
 */
export function requirePrivateLine(
  { address, addressSource: source = "the address" }: Pick<VaultSettings, "address" | "addressSource">,
  env: Env = process.env,
): void {
  const allowed = read(env, ["SSH_TRUST_ALLOW_HTTP"], z.enum(["yes", "no"], { error: "neither yes nor no" }));
  if (!isPrivateLine(address) && allowed !== "yes") throw fail("VAULT_IN_CLEAR", { address, source });
}

/** The server of the settings, for what goes nowhere else. @throws VAULT_ADDR_MISSING, and as readVaultSettings */
export function requireVaultSettings(what: string, readThem = readVaultSettings): VaultSettings {
  const settings = readThem();
  if (settings === undefined) throw fail("VAULT_ADDR_MISSING", { what });
  return settings;
}

/** The token of VAULT_TOKEN or BAO_TOKEN alone, and which of them it is. @throws SETTING_INVALID */
export const readTokenVariable = (env: Env = process.env) => readNamed(env, both("TOKEN"), headerValue, { secret: true });

const both = (name: string) => [`VAULT_${name}`, `BAO_${name}`];

/** Of the variables above, those that are about TLS. @throws SETTING_INVALID, TLS_VERIFICATION_OFF */
export function readTlsSettings(env: Env = process.env): TlsSettings {
  const skip = readNamed(env, both("SKIP_VERIFY"), goBoolean);
  if (skip?.value === true) throw fail("TLS_VERIFICATION_OFF", { name: skip.name });
  const caCert = read(env, both("CACERT"), file);
  const caPath = read(env, both("CAPATH"), file);
  const cert = readNamed(env, both("CLIENT_CERT"), file);
  const key = readNamed(env, both("CLIENT_KEY"), file);
  const serverName = read(env, both("TLS_SERVER_NAME"), hostName);
  const alone = cert === undefined ? key : key === undefined ? cert : undefined;
  if (alone !== undefined) {
    const problem = "a client's certificate and its key belong together: set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY";
    throw fail("SETTING_INVALID", { name: alone.name, value: alone.value, problem });
  }
  return Object.freeze({
    ...(caCert === undefined ? {} : { caCert }),
    ...(caPath === undefined ? {} : { caPath }),
    ...(cert === undefined || key === undefined ? {} : { client: { cert: cert.value, key: key.value } }),
    ...(serverName === undefined ? {} : { serverName }),
  });
}

/** What `vault login` and `bao login` leave behind; it is read, never written. */
function storedToken(home: string): { readonly name: string; readonly value: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(home, ".vault-token"), "utf8").trim();
  } catch {
    return undefined; // there is none
  }
  if (text === "") return undefined;
  if (headerValue.safeParse(text).success) return { name: tokenFile, value: text };
  throw fail("SETTING_INVALID", { name: tokenFile, value: "(not shown)", problem: "it does not hold a token" });
}
