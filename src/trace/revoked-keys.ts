/** The keys that known_hosts revokes for a host. ssh names the lines only, and not whether the host's own key is in them or its CA's. */
import { splitPrefix } from "../ssh/inspect/prefix.js";
import { readKeyFile } from "../ssh/key-file.js";
import { parsePublicKey } from "../ssh/public-key.js";
import type { Place } from "./events.js";
import type { LogLine } from "./log.js";
import { readEvent } from "./read-event.js";

/**
 * Their fingerprints. A line that cannot be read is left out.
 * Only lines that ssh named before the key exchange began are read: what comes later may be the host's text.
 */
export async function readRevokedKeys(log: readonly LogLine[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { by, level, text } of log) {
    const event = by === "ssh" ? readEvent(level, text) : undefined;
    if (event?.kind === "kexinit") break;
    if (event?.kind !== "known-line" || event.what !== "revoked key") continue;
    const fingerprint = await fingerprintAt(event.place).catch(() => undefined);
    if (fingerprint !== undefined) found.add(fingerprint);
  }
  return found;
}

async function fingerprintAt({ file, line }: Place): Promise<string> {
  const text = (await readKeyFile(file)).split("\n")[line - 1] ?? "";
  return parsePublicKey(splitPrefix(text.trim()).key, file).fingerprint;
}
