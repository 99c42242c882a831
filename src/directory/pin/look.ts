/** Which keys a host shows, asked for by ssh itself: the way there is the person's own, through jump hosts and proxies. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../settings/reader.js";
import { readSshArguments, withoutOption } from "../../ssh/client/arguments.js";
import type { ClientConfig } from "../../ssh/client/config.js";
import { keyTypes } from "../../ssh/key-types.js";
import { runOpenSsh } from "../../ssh/openssh.js";
import { pinOptions } from "./pin-options.js";
import { algorithmsOf, type PinnedKeys } from "./pinned-keys.js";

export interface ShownKey {
  readonly type: string;
  /** As ssh-keygen calls it. */
  readonly kind: string;
  /** Undefined: it shows none of this type, or did not answer. */
  readonly fingerprint: string | undefined;
}

/** For each type of key, and for all of them: a jump host may take long, or ask somebody. */
const seconds = { each: 30, all: 60 } as const;

/**
 * Asks for a key of each type, one after the other, and goes no further: no key is known there, so ssh ends before it says who comes.
 * @param args ssh's, of the login
 * @param folder a private one
 */
export async function shownKeys(
  { name, keys }: Pick<PinnedKeys, "name" | "keys">,
  args: readonly string[],
  config: ClientConfig,
  folder: string,
  env: Env,
): Promise<readonly ShownKey[]> {
  const nobody = join(folder, "nobody");
  await writeFile(nobody, "", { mode: 0o600 });
  const usual = [...keyTypes.keys()].filter((type) => !type.startsWith("sk-"));
  const own = keys.map(({ type }) => type);
  const found: ShownKey[] = [];
  const end = Date.now() + seconds.all * 1000;
  for (const type of [...new Set([...own, ...usual])]) {
    if (Date.now() > end && !own.includes(type)) break;
    const log = join(folder, `look-${String(found.length)}`);
    const options = pinOptions({ name, knownHosts: nobody, algorithms: algorithmsOf([type]), log }, config);
    const quiet = ["-o", "LogLevel=DEBUG1", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "PermitLocalCommand=no"];
    await runOpenSsh("ssh", [...options, ...quiet, ...onlyThere(args)], seconds.each, { surroundings: env });
    const text = await readFile(log, "utf8").catch(() => "");
    const fingerprint = /^debug1: Server host key: \S+ (SHA256:[A-Za-z0-9+/]{43})\s*$/m.exec(text)?.[1];
    found.push({ type, kind: keyTypes.get(type)?.kind ?? type, fingerprint });
  }
  return found;
}

/** The way to the host, without what is done there. */
function onlyThere(args: readonly string[]): readonly string[] {
  const { destination, command } = readSshArguments(args);
  const there = destination === undefined ? args : args.slice(0, command);
  return Array.from("EqfLRDWXYAvtNs").reduce<readonly string[]>((rest, letter) => withoutOption(rest, letter), there);
}

/**
 * What the refused connection showed counts, and not what shows itself a moment later. ssh was only to take types that the host is known
 * by; what it says names the kind, which several types have.
 */
export function withRefused(
  { keys }: Pick<PinnedKeys, "keys">,
  shown: readonly ShownKey[],
  refused: (Pick<ShownKey, "kind"> & { readonly fingerprint: string }) | undefined,
): readonly ShownKey[] {
  if (refused === undefined || shown.some(({ fingerprint }) => fingerprint === refused.fingerprint)) return shown;
  const at = shown.findIndex(({ type, kind }) => kind === refused.kind && keys.some((key) => key.type === type));
  return at < 0 ? shown : shown.with(at, { ...(shown[at] as ShownKey), fingerprint: refused.fingerprint });
}

/** A line for each type of key that either has: what is expected and what is shown. */
export function describeDifference({ keys }: Pick<PinnedKeys, "keys">, shown: readonly ShownKey[]): string {
  return shown
    .flatMap(({ type, kind, fingerprint }) => {
      const expected = keys.filter((key) => key.type === type).map((key) => key.fingerprint);
      if (expected.length === 0 && fingerprint === undefined) return [];
      const same = fingerprint !== undefined && expected.includes(fingerprint);
      return [`${kind}: expected ${expected.join(" or ") || "none"}, seen ${same ? "the same" : (fingerprint ?? "none")}`];
    })
    .join("\n");
}
