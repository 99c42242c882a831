/** The CAs that this system trusts, which Node does not read: it brings its own. */
import { readFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";

/** Where distributions keep them in one file: those of Go's crypto/x509, which the vault command reads. */
const files = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
  "/etc/ssl/ca-bundle.pem", // SUSE
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7
  "/etc/ssl/cert.pem", // Alpine, macOS
];

/** PEM, with Node's own; undefined where the system has none. */
export async function systemCas(): Promise<string | undefined> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.includes("BEGIN CERTIFICATE")) return [...rootCertificates, text].join("\n");
  }
  return undefined;
}
