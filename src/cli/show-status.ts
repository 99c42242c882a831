/** The status as a person reads it. */
import { bold, dim, green, red } from "./colour.js";
import type { CertificateStatus, Status } from "../lab/status.js";

export function showStatus(status: Status): string {
  const row = (name: string, text: string) => `${name.padEnd(28)}${text}`;
  return [
    bold("servers"),
    row("docker", status.docker),
    row("vault", `${status.vault.address}  ${status.vault.state}`),
    "",
    bold("authorities"),
    ...status.cas.map(({ mount, fingerprint }) => row(mount, fingerprint ?? dim("no key yet"))),
    "",
    bold("hosts"),
    ...status.hosts.flatMap(({ name, port, running, certificates }) => [
      row(name, running ? `${green("runs")} on 127.0.0.1:${String(port)}` : dim("does not run")),
      ...certificates.map((certificate) => row("", certificateLine(certificate))),
    ]),
    "",
    bold("people"),
    ...status.people.map(({ name, certificate }) =>
      row(name, certificate === undefined ? dim("no certificate") : certificateLine(certificate)),
    ),
  ].join("\n");
}

function certificateLine({ type, principals, signingCa, validTo, validNow }: CertificateStatus): string {
  const kind = type.replace("-cert-v01@openssh.com", "");
  const verdict = validNow ? green("valid") : red("not valid");
  return `${kind}, for ${principals.join(", ")}, ${verdict} until ${validTo}, by ${signingCa.fingerprint.slice(0, 19)}…`;
}
