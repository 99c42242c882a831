/** The certificates that a person offered. The log names the file of the key only; ssh finds the certificate beside it: ssh(1), -i. */
import type { Certificate } from "../ssh/certificate.js";
import { readCertificateFile } from "../ssh/key-file.js";
import { isCertificate } from "./identity.js";
import type { LogLine } from "./log.js";
import { readEvent } from "./read-event.js";

/**
 * By the names that the log has. One that cannot be read, or is for another key than the offered one, is left out.
 * Only files that ssh named before the host said its version are opened: what comes later may be the host's text.
 */
export async function readOwnCertificates(log: readonly LogLine[]): Promise<Map<string, Certificate>> {
  const found = new Map<string, Certificate>();
  const named = new Set<string>();
  let greeted = false;
  for (const { by, level, text } of log) {
    const event = by === "ssh" ? readEvent(level, text) : undefined;
    greeted ||= event?.kind === "server-version";
    if (event?.kind === "identity-file" && !greeted) named.add(event.file);
    if (event?.kind !== "offering" || !isCertificate(event.identity) || event.identity.agent) continue;
    const { name, fingerprint } = event.identity;
    if (!named.has(name)) continue;
    for (const file of [`${name}-cert.pub`, name]) {
      const certificate = await readCertificateFile(file).catch(() => undefined);
      if (certificate?.publicKeyFingerprint === fingerprint && !found.has(name)) found.set(name, certificate);
    }
  }
  return found;
}
