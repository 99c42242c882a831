/** What clients and hosts have to be told about the CA: lines for known_hosts and for sshd_config. */
import { readdir } from "node:fs/promises";
import { fail } from "../../errors.js";
import { certAuthorityLine } from "../known-hosts.js";
import { certificatesOf } from "./install.js";
import { certsFolder, stemOf } from "./layout.js";
import { hostSubject } from "./names.js";
import type { OfflineCa } from "./open.js";

/**
 * A line for each of the CA's three host keys, since each signs the host keys of its own type: sshd(8), SSH_KNOWN_HOSTS
 * FILE FORMAT.
 * @param shortNames whether the hosts that are certified now may also be reached by their short names. A pattern for all
 *   short names would make the CA vouch for every name without a dot, whoever is behind it; so each is listed.
 */
export async function clientLines(ca: OfflineCa, shortNames = false): Promise<string[]> {
  const names = shortNames ? await certifiedHosts(ca) : [];
  const patterns = [`*.${ca.config.domain}`, ...names];
  return keysOf(ca, "host").map(({ publicKey }) => certAuthorityLine(patterns, keyLine(publicKey)));
}

/** Hosts trust every user certificate of these keys: sshd_config(5), TrustedUserCAKeys. */
export function userCaLines(ca: OfflineCa): string[] {
  return keysOf(ca, "user").map(({ publicKey }) => keyLine(publicKey));
}

/**
 * What a certified host adds to its sshd_config: sshd_config(5), HostCertificate.
 * @throws OFFLINE_CA_UNKNOWN where it is not certified
 */
export async function hostLines(ca: OfflineCa, name: string) {
  const subject = hostSubject(ca.dir, ca.config.domain, name);
  const certificates = await certificatesOf("host", subject.folder);
  if (certificates.length === 0) throw fail("OFFLINE_CA_UNKNOWN", { kind: "host", name: subject.name, dir: ca.dir });
  return {
    lines: certificates.map(({ type }) => `HostCertificate /etc/ssh/${stemOf("host", type)}-cert.pub`),
    files: certificates.map(({ file }) => file),
  };
}

async function certifiedHosts({ dir, config }: OfflineCa): Promise<string[]> {
  const hosts: string[] = [];
  for (const folder of (await readdir(certsFolder(dir, "host"))).sort()) {
    if (!folder.endsWith(`.${config.domain}`)) continue;
    const subject = hostSubject(dir, config.domain, folder);
    if ((await certificatesOf("host", subject.folder)).length > 0) hosts.push(subject.name);
  }
  return hosts;
}

const keysOf = (ca: OfflineCa, kind: "host" | "user") => ca.keys.filter((key) => key.kind === kind);

const keyLine = ({ type, blob, comment }: { type: string; blob: Buffer; comment: string }) =>
  [type, blob.toString("base64"), comment].join(" ").trim();
