/** What clients and hosts have to be told about the CA: lines for known_hosts and for sshd_config. */
import { readdir } from "node:fs/promises";
import { fail } from "../errors/catalogue.js";
import { certAuthorityLine } from "../ssh/known-hosts.js";
import { keyLine } from "../ssh/public-key.js";
import { shellWord } from "../ground/shell-word.js";
import { certificatesOf } from "./install.js";
import { certsFolder, stemOf } from "./layout.js";
import { hostSubject, isShortName } from "./names.js";
import type { OfflineCa } from "./open.js";

/**
 * A line for each of the CA's three host keys, since each signs the host keys of its own type: sshd(8), SSH_KNOWN_HOSTS
 * FILE FORMAT.
 * @param shortNames whether the hosts that are certified now may also be reached by their short names. A pattern for all
 *   short names would make the CA vouch for every name without a dot, whoever is behind it; so each is listed.
 */
export async function clientLines(ca: OfflineCa, shortNames = false): Promise<string[]> {
  const names = shortNames ? await shortNamesOf(ca) : [];
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
  if (certificates.length === 0) throw fail("OFFLINE_CA_UNKNOWN", { kind: "host", name: subject.name, dir: shellWord(ca.dir) });
  return {
    lines: certificates.map(({ type }) => `HostCertificate /etc/ssh/${stemOf("host", type)}-cert.pub`),
    files: certificates.map(({ file }) => file),
  };
}

/** The short names of the hosts that have certificates now. */
async function shortNamesOf({ dir, config }: OfflineCa): Promise<string[]> {
  const suffix = `.${config.domain}`;
  const folders = (await readdir(certsFolder(dir, "host"))).filter((name) => name.endsWith(suffix)).sort();
  const hosts: string[] = [];
  for (const name of folders.map((folder) => folder.slice(0, -suffix.length)).filter(isShortName)) {
    const { folder } = hostSubject(dir, config.domain, name);
    if ((await certificatesOf("host", folder)).length > 0) hosts.push(name);
  }
  return hosts;
}

const keysOf = (ca: OfflineCa, kind: "host" | "user") => ca.keys.filter((key) => key.kind === kind);
