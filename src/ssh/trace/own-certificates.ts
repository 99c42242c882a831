/** The certificates that a person offered. The log names the file of the key only; ssh finds the certificate beside it: ssh(1), -i. */
import { readFile } from "node:fs/promises";
import { parseCertificate, type Certificate } from "../certificate.js";
import { readEvent } from "./events.js";
import type { LogLine } from "./log.js";
import { isCertificate } from "./user.js";

/** By the names that the log has. One that cannot be read, or is for another key than the offered one, is left out. */
export async function readOwnCertificates(log: readonly LogLine[]): Promise<Map<string, Certificate>> {
  const found = new Map<string, Certificate>();
  for (const { by, level, text } of log) {
    const event = by === "ssh" ? readEvent(level, text) : undefined;
    if (event?.kind !== "offering" || !isCertificate(event.identity) || event.identity.agent) continue;
    const { name, fingerprint } = event.identity;
    for (const file of [`${name}-cert.pub`, name]) {
      const certificate = await readFile(file, "utf8")
        .then(parseCertificate)
        .catch(() => undefined);
      if (certificate?.publicKeyFingerprint === fingerprint && !found.has(name)) found.set(name, certificate);
    }
  }
  return found;
}
