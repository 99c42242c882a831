/** The Vault of a fleet file: its address from the file, the token and TLS from the environment. */
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { readNamed, httpAddress, headerValue, type Env } from "./reader.js";
import { readVaultSettings, requirePrivateLine, type VaultSettings } from "./vault.js";

export interface FleetVault {
  /** For the message. */
  readonly file: string;
  readonly vault: string;
  readonly namespace: string | undefined;
}

/**
 * The file is what was reviewed: a VAULT_ADDR or VAULT_NAMESPACE that says something else is refused, not followed.
 * @param address where this machine reaches that server, if not by the file's address
 * @throws FLEET_OTHER_VAULT, VAULT_IN_CLEAR, and as readVaultSettings
 */
export function readFleetVaultSettings(
  { file, vault, namespace }: FleetVault,
  address: string | undefined,
  env: Env = process.env,
  home?: string,
): VaultSettings {
  const server = readNamed(env, ["VAULT_ADDR", "BAO_ADDR"], httpAddress);
  if (address === undefined && server !== undefined && server.value !== vault) {
    const how = { say: `or, where that is the same server, add --vault ${server.value} to the command` };
    throw fail("FLEET_OTHER_VAULT", { file, variable: server.name, given: server.value, wanted: vault, how });
  }
  const set = readNamed(env, ["VAULT_NAMESPACE", "BAO_NAMESPACE"], headerValue);
  if (set !== undefined && namespace !== undefined && trimmed(set.value) !== namespace) {
    const how = { say: `or write "namespace: ${set.value}" in the file` };
    const wanted = `the namespace ${namespace}`;
    throw fail("FLEET_OTHER_VAULT", { file, variable: set.name, given: set.value, wanted, how });
  }
  const there = { VAULT_ADDR: address ?? vault, ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }) };
  const settings = readVaultSettings({ ...env, ...there }, home);
  if (settings === undefined) throw new TypeError("an address was given"); // not reached
  const found = { ...settings, addressSource: address === undefined ? `"vault" in ${file}` : "--vault" };
  requirePrivateLine(found, env);
  return found;
}

/**
 * What a shell is told, so that its `vault` command goes to a fleet's server; undefined where it does already.
 * @param address where this machine reaches that server, if not by the file's address
 * @example exportFor({ vault: "https://vault.example.org:8200", namespace: undefined }, undefined, {})
 * // "export VAULT_ADDR=https://vault.example.org:8200"
 */
export function exportFor(
  { vault, namespace }: Pick<FleetVault, "vault" | "namespace">,
  address: string | undefined,
  env: Env = process.env,
): string | undefined {
  const wanted = { VAULT_ADDR: address ?? vault, ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }) };
  const missing = Object.entries(wanted).filter(([name, value]) => trimmed(env[name] ?? "") !== trimmed(value));
  return missing.length === 0 ? undefined : `export ${missing.map(([name, value]) => `${name}=${shellWord(value)}`).join(" ")}`;
}

/** Both servers take slashes at the ends of either. */
const trimmed = (text: string) => text.replaceAll(/^\/+|\/+$/g, "");
