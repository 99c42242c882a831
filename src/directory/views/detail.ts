/** All that is told of one host. What it says of itself stays apart from what Vault and the fleet file say. */
import { createHash } from "node:crypto";
import type { StoredFleet } from "../../fleet/stored.js";
import { printable } from "../../ground/printable.js";
import type { EntryVersion } from "../../host/history.js";
import type { HostEntry } from "../../host/inventory.js";
import type { ListedHost } from "../../host/list-hosts.js";
import { dateOf, ownCertificates, problemOfCertificate, registeredOf } from "../../host/state.js";
import { validFrom, validTo } from "../../ssh/certificate-validity.js";
import type { Certificate } from "../../ssh/certificate.js";
import { certAuthorityLine, knownHostLine } from "../../ssh/known-hosts.js";
import { keyLine, type PublicKey } from "../../ssh/public-key.js";
import { sshfpRecords } from "../../ssh/sshfp.js";
import { problemOfHostName } from "../../fleet/names.js";
import type { Freshness, HostCertificate, HostDetail, HostKey, KeyVersion } from "../contract.js";
import { keysOf, summaryOf } from "./summary.js";

export interface Detailed {
  readonly host: ListedHost;
  readonly stored: StoredFleet;
  /** The oldest first; undefined: Vault does not answer, and they are not known. */
  readonly versions: readonly EntryVersion[] | undefined;
  /** By Vault's clock. */
  readonly now: Date;
}

export function detailOf({ host, stored, versions, now }: Detailed, fresh: Freshness): HostDetail {
  const { cas } = stored;
  const keys = keysOf(host);
  const entry = host.said?.entry;
  const says = entry === undefined || "problem" in entry ? undefined : entry.read;
  return {
    ...summaryOf(host, cas.host, now),
    accounts: [...(host.group?.accounts ?? [])],
    connect: connectTo(host),
    keys: keys.map(shownKey),
    knownHosts: [...knownHostsOf(host, cas.host)],
    certificates: (says?.certificates ?? []).flatMap((each) =>
      "read" in each && says !== undefined ? [shownCertificate(each.read, says, host.name, cas.host)] : [],
    ),
    sshfp: keys.flatMap((key) => sshfpRecords(host.name, key)),
    history: versions === undefined ? null : [...historyOf(versions)],
    says: says === undefined ? null : saysOf(says),
    ...fresh,
  };
}

/**
 * What makes ssh believe this host and no other. A host with certificates has no plain key here: ssh would fall back on it when
 * its certificate is refused.
 */
export function knownHostsOf(host: ListedHost, cas: StoredFleet["cas"]["host"]): readonly string[] {
  if (problemOfHostName(host.name) !== undefined) return [];
  if (registeredOf(host) !== undefined) return keysOf(host).map((key) => knownHostLine([host.name], key));
  // The CA vouches for names of groups only.
  return host.group === undefined || host.keptOut ? [] : cas.map((ca) => certAuthorityLine([host.name], ca, ""));
}

function connectTo(host: ListedHost): string[] {
  if (problemOfHostName(host.name) !== undefined) return [];
  if (registeredOf(host) !== undefined) return [`ssh-trust ssh --pin <account>@${host.name}`];
  return (host.group?.accounts ?? []).map((account) => `ssh ${account}@${host.name}`);
}

const shownKey = (key: PublicKey): HostKey => ({
  type: key.type,
  kind: key.kind,
  bits: key.bits,
  sha256: key.fingerprint,
  md5: md5Of(key.blob),
  publicKey: keyLine({ ...key, comment: "" }),
});

/** As consoles of before OpenSSH 6.8 print it: ssh-keygen(1), -E md5. */
const md5Of = (blob: Buffer): string => `MD5:${createHash("md5").update(blob).digest("hex").match(/../g)?.join(":") ?? ""}`;

function shownCertificate(
  certificate: Certificate,
  entry: HostEntry,
  name: string,
  cas: StoredFleet["cas"]["host"],
): HostCertificate {
  return {
    key: certificate.publicKeyFingerprint,
    kind: certificate.publicKey.kind,
    serial: String(certificate.serial),
    keyId: printable(certificate.keyId).slice(0, 1024),
    principals: certificate.principals.slice(0, 64).map((each) => printable(each).slice(0, 253)),
    from: timeOf(validFrom(certificate)),
    until: timeOf(validTo(certificate)),
    signingCa: certificate.signatureKey.fingerprint,
    // To verify a signature takes a while: those that clients take are known.
    problem: ownCertificates(entry, name, cas).includes(certificate)
      ? null
      : (problemOfCertificate(certificate, entry, name, cas) ?? null),
  };
}

/** A time that ISO 8601 has with four digits for the year; what is beyond it is without an end. */
function timeOf(time: Date | string | undefined): string | null {
  if (time === undefined || typeof time === "string" || time.getUTCFullYear() > 9999) return null;
  return time.toISOString();
}

function saysOf(entry: HostEntry): NonNullable<HostDetail["says"]> {
  const unreadable = [
    ...entry.keys.flatMap((each) => ("problem" in each ? [`a key: ${each.problem}`] : [])),
    ...entry.certificates.flatMap((each) => ("problem" in each ? [`a certificate: ${each.problem}`] : [])),
  ];
  return {
    addresses: [...entry.addresses],
    openssh: entry.openssh,
    script: entry.script,
    machine: entry.machine,
    written: timeOf(dateOf(entry.written)),
    next: timeOf(dateOf(entry.next)),
    problem: entry.problem === "" ? null : entry.problem,
    problemSince: timeOf(dateOf(entry.since)),
    otherWays: [...entry.otherWays],
    unreadable,
  };
}

/** Versions whose keys are not those of the one before, the newest first; the oldest that is kept comes last. */
export function historyOf(versions: readonly EntryVersion[]): readonly KeyVersion[] {
  const found: KeyVersion[] = [];
  let before: readonly string[] | undefined;
  for (const { version, at, entry } of versions) {
    const keys =
      "problem" in entry
        ? []
        : entry.read.keys.flatMap((key) => ("read" in key ? [{ kind: key.read.kind, sha256: key.read.fingerprint }] : []));
    const problem = "problem" in entry ? entry.problem : null;
    const prints = keys.map(({ sha256 }) => sha256);
    const added = before === undefined ? [] : prints.filter((each) => before?.includes(each) === false);
    const removed = (before ?? []).filter((each) => !prints.includes(each));
    if (problem === null) {
      const changed = before === undefined || added.length > 0 || removed.length > 0;
      before = prints;
      if (!changed) continue;
    }
    found.push({ version, at: at.toISOString(), keys, added, removed: problem === null ? removed : [], problem });
  }
  return found.reverse();
}
