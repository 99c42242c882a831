/** The keys that a host without certificates is held to, as the directory tells them. */
import { fail } from "../../errors/catalogue.js";
import { printable } from "../../ground/printable.js";
import { knownHostLine } from "../../ssh/known-hosts.js";
import { parsePublicKey, type PublicKey } from "../../ssh/public-key.js";
import type { HostDetail } from "../contract.js";

export interface PinnedKeys {
  readonly name: string;
  readonly keys: readonly PublicKey[];
  /** Of known_hosts: each key, for this name and no other. */
  readonly knownHosts: string;
  /** For ssh's HostKeyAlgorithms: those that these keys can sign with. */
  readonly algorithms: readonly string[];
}

/**
 * @param login what was asked for, such as "deploy@old-1.example.org"
 * @throws PIN_HOST_ENROLLED, PIN_KEYS_UNREADABLE
 */
export function pinnedKeys(host: HostDetail, login: string): PinnedKeys {
  const { name, state } = host;
  if (state.kind === "unreadable") throw fail("PIN_KEYS_UNREADABLE", { name, problem: printable(state.text) });
  if (state.kind !== "uncertified") throw fail("PIN_HOST_ENROLLED", { name, state: printable(state.text), login });
  const keys = host.keys.map(({ publicKey }) => parsePublicKey(publicKey, `the directory's key of ${name}`));
  const usable = keys.filter(({ type }) => !type.startsWith("sk-"));
  if (usable.length === 0) throw fail("PIN_KEYS_UNREADABLE", { name, problem: "the directory has none that can be read" });
  return {
    name,
    keys: usable,
    knownHosts: usable.map((key) => `${knownHostLine([name], key)}\n`).join(""),
    algorithms: algorithmsOf(usable.map(({ type }) => type)),
  };
}

/** RSA signs with SHA-2 only. */
export const algorithmsOf = (types: readonly string[]): readonly string[] =>
  [...new Set(types)].flatMap((type) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]));
