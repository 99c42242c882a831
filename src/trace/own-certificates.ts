/**
 * The certificates that a person offered. The log names the file of the key only; ssh finds the certificate beside it: ssh(1), -i. Of one in
 * the agent it names the key, and the agent tells the rest.
 */
import { parseCertificate, type Certificate } from "../ssh/certificate.js";
import { readCertificateFile } from "../ssh/key-file.js";
import { runOpenSsh } from "../ssh/openssh.js";
import { readLines } from "../ssh/read-lines.js";
import type { Identity } from "./events.js";
import { idOf, isCertificate } from "./identity.js";
import type { LogLine } from "./log.js";
import { readEvent } from "./read-event.js";

/**
 * By `idOf`. One that cannot be read, or is for another key than the offered one, is left out.
 * Only files that ssh named before the host said its version are opened: what comes later may be the host's text.
 */
export async function readOwnCertificates(log: readonly LogLine[]): Promise<Map<string, Certificate>> {
  const found = new Map<string, Certificate>();
  const { offered, named } = offeredIn(log);
  for (const identity of offered) {
    const certificate = named.has(identity.name) ? await fromFile(identity) : undefined;
    if (certificate !== undefined) found.set(idOf(identity), certificate);
  }
  const others = offered.filter((identity) => identity.agent && !found.has(idOf(identity)));
  const held = others.length === 0 ? [] : await heldByAgent();
  for (const identity of others) {
    const [certificate, another] = held.filter((each) => each.publicKeyFingerprint === identity.fingerprint);
    // With two for one key, the log does not say which was offered.
    if (certificate !== undefined && another === undefined) found.set(idOf(identity), certificate);
  }
  return found;
}

function offeredIn(log: readonly LogLine[]): { readonly offered: readonly Identity[]; readonly named: ReadonlySet<string> } {
  const offered: Identity[] = [];
  const named = new Set<string>();
  let greeted = false;
  for (const { by, level, text } of log) {
    const event = by === "ssh" ? readEvent(level, text) : undefined;
    greeted ||= event?.kind === "server-version";
    if (event?.kind === "identity-file" && !greeted) named.add(event.file);
    if (event?.kind === "offering" && isCertificate(event.identity)) offered.push(event.identity);
  }
  return { offered, named };
}

async function fromFile({ name, fingerprint }: Identity): Promise<Certificate | undefined> {
  for (const file of [`${name}-cert.pub`, name]) {
    const certificate = await readCertificateFile(file).catch(() => undefined);
    if (certificate?.publicKeyFingerprint === fingerprint) return certificate;
  }
  return undefined;
}

/** That of SSH_AUTH_SOCK. An IdentityAgent may be another, which has other keys. */
async function heldByAgent(): Promise<Certificate[]> {
  const listed = await runOpenSsh("ssh-add", ["-L"], 10).catch(() => undefined);
  return readLines(listed?.stdout ?? "", (line) => parseCertificate(line)).read;
}
