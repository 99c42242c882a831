import { fail } from "../errors/catalogue.js";
import { parseCertificate, type Certificate } from "./certificate.js";
import { runOpenSsh } from "./openssh.js";

export interface ScanRequest {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** The program; "ssh-keyscan" on PATH. */
  readonly keyscan?: string;
  /** How long all of it may take, in whole seconds. */
  readonly timeoutSeconds: number;
}

/**
 * The host certificates that a server presents, one for each key type it has one for: ssh-keyscan(1), option -c.
 *
 * The list is empty where the server presents none, and where no SSH server answers: either way none was seen.
 * ssh-keyscan ends before the server has proved that it holds the key, so this shows what is installed, and proves nothing.
 * @throws USAGE for a host or a port that cannot be one; TOOL_MISSING; CERTIFICATE_INVALID
 * @example
 * ```ts
 * import { scanHostCertificates } from "ssh-trust";
 *
 * const found = await scanHostCertificates({ host: "localhost", port: 2022, timeoutSeconds: 5 });
 * console.log(found.map(({ keyType }) => keyType).includes("ssh-ed25519")); // true
 * ```
 */
export async function scanHostCertificates(request: ScanRequest): Promise<Certificate[]> {
  const { host, port, keyscan = "ssh-keyscan", timeoutSeconds } = request;
  checkRequest(request);
  const args = ["-c", "-p", String(port), "-T", String(timeoutSeconds), "--", host];
  // its own limit does not cover a server that greets and then falls silent
  const { stdout } = await runOpenSsh(keyscan, args, timeoutSeconds);
  const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => parseCertificate(line, `what ${host}:${String(port)} presents`));
}

function checkRequest({ host, port, timeoutSeconds }: ScanRequest): void {
  const refuse = (what: string) => fail("USAGE", { what, help: "man ssh-keyscan" });
  // ssh-keyscan takes a comma or a blank for the start of another host
  if (!/^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$/.test(host)) throw refuse(`${JSON.stringify(host)} is not a host`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw refuse(`${String(port)} is not a port`);
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1) throw refuse(`${String(timeoutSeconds)} is not whole seconds`);
}
