/** What the environment says of signing in, beside where Vault is. */
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runtimeFolder } from "./login.js";
import { absolutePath, headerValue, httpAddress, read, readNamed, type Env } from "./reader.js";
import { readTlsSettings, type TlsSettings } from "./vault.js";

export interface SignInSettings {
  readonly address: { readonly name: string; readonly value: string } | undefined;
  readonly namespace: string | undefined;
  readonly tls: TlsSettings;
  /** A token of a robot's platform. A secret. */
  readonly jwt: string | undefined;
  /** Where a person's programs keep what lives until they log out; undefined where it is not said. */
  readonly runtime: string | undefined;
  /** Where what is remembered is written: no secret is in it. */
  readonly state: string;
  readonly home: string;
  /** Whether a browser can be shown here. */
  readonly desktop: boolean;
  /** The vault command's own settings, where they are not in ~/.vault. */
  readonly vaultConfig: string | undefined;
}

/**
 * | variable | meaning |
 * |---|---|
 * | `VAULT_ADDR`, `VAULT_NAMESPACE`, `VAULT_CACERT`, … | as for the vault command, see readVaultSettings |
 * | `SSH_TRUST_JWT` | a token of a robot's platform, to sign in with |
 * | `XDG_RUNTIME_DIR` | where the sign-in's token is kept, below `ssh-trust` |
 * | `XDG_STATE_HOME` | where it is remembered where somebody signed in, below `ssh-trust` (~/.local/state) |
 * | `DISPLAY`, `WAYLAND_DISPLAY` | whether a browser can be shown |
 * | `VAULT_CONFIG_PATH` | the vault command's settings, which may name a token helper |
 *
 * @throws SETTING_INVALID, TLS_VERIFICATION_OFF
 */
export function readSignInSettings(env: Env = process.env, home = homedir()): SignInSettings {
  return Object.freeze({
    address: readNamed(env, ["VAULT_ADDR", "BAO_ADDR"], httpAddress),
    namespace: read(env, ["VAULT_NAMESPACE", "BAO_NAMESPACE"], headerValue),
    tls: readTlsSettings(env),
    jwt: readNamed(env, ["SSH_TRUST_JWT"], headerValue, { secret: true })?.value,
    runtime: runtimeFolder(env),
    state: join(read(env, ["XDG_STATE_HOME"], absolutePath) ?? join(home, ".local/state"), "ssh-trust"),
    home,
    desktop: process.platform === "darwin" || ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => (env[name] ?? "") !== ""),
    vaultConfig: read(env, ["VAULT_CONFIG_PATH"], z.string()),
  });
}

/** An address that somebody typed. @throws SETTING_INVALID, which names the option */
export const readAddressOption = (given: string): string =>
  readNamed({ "--vault": given }, ["--vault"], httpAddress)?.value ?? "";
