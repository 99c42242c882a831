/** The status as a person reads it. */
import { bold, dim, green, red } from "../../src/terminal/colour.js";
import { hostNameOf } from "../cloud/naming.js";
import type { CertificateStatus, CloudStatus, Status } from "../status.js";
import { keyTypes } from "../../src/ssh/key-types.js";
import { printable } from "../../src/ground/printable.js";

export function showStatus(status: Status): string {
  const row = (name: string, text: string) => `${name.padEnd(28)}${text}`;
  const described = (certificate: CertificateStatus) => certificateLine(certificate, status.cas);
  return [
    bold("servers"),
    row("docker", status.docker),
    row("vault", `${status.vault.address}  ${status.vault.state}`),
    "",
    bold("authorities"),
    ...status.cas.map(({ mount, fingerprint, unknown }) =>
      row(mount, unknown === undefined ? (fingerprint ?? dim("no key yet")) : dim(`unknown: ${unknown}`)),
    ),
    "",
    bold("hosts"),
    ...status.hosts.flatMap(({ name, port, running, certificates, notRead = [] }) => [
      row(name, running ? `${green("runs")} on 127.0.0.1:${String(port)}` : dim("does not run")),
      ...certificates.map(described),
      ...notRead.map(({ type, problem }) => dim(`  not read: ${type}: ${problem}`)),
    ]),
    "",
    bold("cloud"),
    ...(status.cloud === undefined
      ? [dim(`unknown: ${printable(status.cloudUnknown ?? "Docker does not answer")}`)]
      : cloudLines(status.cloud, row)),
    "",
    bold("people"),
    ...status.people.flatMap(({ name, certificate }) =>
      certificate === undefined ? [row(name, dim("no certificate"))] : [name, described(certificate)],
    ),
  ].join("\n");
}

function cloudLines(
  { laptop, objectStore, machines, services }: CloudStatus,
  row: (name: string, text: string) => string,
): string[] {
  const state = (runs: boolean) => (runs ? green("runs") : dim("does not run"));
  return [
    row("laptop", state(laptop)),
    row("object store", state(objectStore)),
    ...machines.map(({ name, state: its }) => row(name, state(its === "running"))),
    ...services.map(({ name, leadsTo }) =>
      row(hostNameOf(name), leadsTo === undefined ? red("leads nowhere") : `leads to ${leadsTo}`),
    ),
  ];
}

/** In less than 80 columns: the CA by its mount, where it is one of those that are there now. */
function certificateLine(certificate: CertificateStatus, cas: Status["cas"]): string {
  const { publicKey, principals, signingCa, validNow, validFrom, validTo } = certificate;
  const kind = keyTypes.get(publicKey.type)?.kind ?? publicKey.type;
  const verdict = validNow
    ? `${green("valid")} until ${validTo}`
    : Date.parse(validFrom) > Date.now()
      ? `${red("begins")} at ${validFrom}`
      : `${red("ended")} at ${validTo}`;
  const ca = cas.find(({ fingerprint }) => fingerprint === signingCa.fingerprint)?.mount;
  return `    ${kind}, for ${principals.map(printable).join(", ")}, ${verdict}, by ${ca ?? `${signingCa.fingerprint.slice(0, 15)}…`}`;
}
