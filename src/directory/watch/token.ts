/** The token with which the directory reads Vault: renewed while that is possible, and read anew when its file changes. */
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { fail, isFailure, reasonOf, type SshTrustError } from "../../errors/catalogue.js";
import type { VaultSettings } from "../../settings/vault.js";
import { openVaultApi, type VaultApi } from "../../vault/api.js";

export interface KeptToken {
  /** With the token of the moment. */
  readonly api: () => VaultApi;
}

/** How often the file is looked at, and a failed renewal is tried again, in milliseconds. */
const often = 5000;

const self = z.object({
  data: z.object({ ttl: z.number(), creation_ttl: z.number().default(0), renewable: z.boolean().default(false) }),
});

/**
 * Keeps it until the signal ends it.
 * @param file holds the token; undefined: the settings have it
 * @param failed is told why a renewal failed; it is tried again
 * @throws DIRECTORY_TOKEN_FILE, VAULT_TOKEN_MISSING
 */
export async function keepToken(
  settings: VaultSettings,
  file: string | undefined,
  failed: (error: SshTrustError) => void,
  signal: AbortSignal,
): Promise<KeptToken> {
  let token = file === undefined ? settings.token : await readTokenFile(file);
  let api = openVaultApi({ ...settings, token });
  async function keep(): Promise<void> {
    let lookAgain = 0;
    while (!signal.aborted) {
      await wait(often, undefined, { signal, ref: false });
      try {
        const now = file === undefined ? token : await readTokenFile(file);
        if (now !== token) {
          token = now;
          api = openVaultApi({ ...settings, token });
          lookAgain = 0;
        }
        if (Date.now() >= lookAgain) lookAgain = Date.now() + (await renew(api));
      } catch (error) {
        failed(isFailure(error) ? error : fail("DIRECTORY_FAULT", undefined, error));
      }
    }
  }
  void keep().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { api: () => api };
}

/** Renews what has lived for half of its time. @returns after how many milliseconds to look again */
async function renew(api: VaultApi): Promise<number> {
  const found = await api.read("auth/token/lookup-self", self);
  if (found === undefined || found.data.ttl === 0) return 3_600_000; // it never ends
  const { ttl, creation_ttl: whole, renewable } = found.data;
  if (!renewable) return 60_000;
  if (ttl > whole / 2) return Math.min((ttl - whole / 2) * 1000, 3_600_000);
  await api.write("auth/token/renew-self", {}, z.unknown());
  return often;
}

/** @throws DIRECTORY_TOKEN_FILE */
async function readTokenFile(file: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw fail("DIRECTORY_TOKEN_FILE", { file, problem: `cannot be read: ${reasonOf(error)}` }, error);
  }
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw fail("DIRECTORY_TOKEN_FILE", { file, problem: "holds no token" });
}
