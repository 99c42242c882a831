import { fail } from "../errors/catalogue.js";
import type { Hint } from "../errors/hint.js";
import { shellWord } from "../ground/shell-word.js";
import { parseCertificate, type Certificate } from "./certificate.js";
import { runOpenSsh } from "./openssh.js";
import { readLines, type LeftOut } from "./read-lines.js";

export interface ScanRequest {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** The program; "ssh-keyscan" on PATH. */
  readonly keyscan?: string;
  /** How long all of it may take, in whole seconds. */
  readonly timeoutSeconds: number;
}

/** What a server presents. */
export interface HostScan {
  readonly certificates: readonly Certificate[];
  /** What it presents, and is not among them. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The host certificates that a server presents, one for each key type it has one for (ssh-keyscan(1), option -c), and what else it
 * presents: a certificate of a type that only a newer OpenSSH knows, or one that cannot be read, hides none of the others.
 *
 * Both lists are empty where the server presents none, and where no SSH server answers: either way none was seen.
 * ssh-keyscan ends before the server has proved that it holds the key, so this shows what is installed, and proves nothing.
 * @throws USAGE for a host or a port that cannot be one; TOOL_MISSING
 * @example
 * ```ts
 * import { scanHost } from "ssh-trust";
 *
 * const { certificates, leftOut } = await scanHost({ host: "localhost", port: 2022, timeoutSeconds: 5 });
 * for (const { type, problem } of leftOut) console.error(`not read: ${type}: ${problem}`);
 * console.log(certificates.length > 0); // true
 * ```
 */
export async function scanHost(request: ScanRequest): Promise<HostScan> {
  const { host, port, keyscan = "ssh-keyscan", timeoutSeconds } = request;
  checkRequest(request);
  const args = ["-c", "-p", String(port), "-T", String(timeoutSeconds), "--", host];
  // its own limit does not cover a server that greets and then falls silent
  const { stdout } = await runOpenSsh(keyscan, args, timeoutSeconds);
  const { read, leftOut } = readLines(withoutHosts(stdout), (line) =>
    parseCertificate(line, presentedBy(request), howToSee(request)),
  );
  return { certificates: read, leftOut };
}

/**
 * The certificates that `scanHost` reads, without the rest.
 *
 * The list is empty where the server presents none of a type that ssh-trust knows, and where no SSH server answers.
 * @throws USAGE for a host or a port that cannot be one; TOOL_MISSING; CERTIFICATE_INVALID where some were presented and none can be read
 * @example
 * ```ts
 * import { scanHostCertificates } from "ssh-trust";
 *
 * const found = await scanHostCertificates({ host: "localhost", port: 2022, timeoutSeconds: 5 });
 * console.log(found.map(({ keyType }) => keyType).includes("ssh-ed25519")); // true
 * ```
 */
export async function scanHostCertificates(request: ScanRequest): Promise<Certificate[]> {
  const { certificates, leftOut } = await scanHost(request);
  const unreadable = leftOut.find(({ kind }) => kind === "unreadable");
  if (certificates.length === 0 && unreadable !== undefined) {
    throw fail("CERTIFICATE_INVALID", { what: presentedBy(request), problem: unreadable.problem, how: howToSee(request) });
  }
  return [...certificates];
}

const howToSee = ({ host, port }: ScanRequest): Hint => [
  { say: "see what it presents", run: `ssh-keyscan -c -p ${String(port)} ${shellWord(host)}` },
];
const presentedBy = ({ host, port }: ScanRequest) => `what ${host}:${String(port)} presents`;

/** Its manual has the host's name in front of each line; with -c, ssh-keyscan of 8.4 to 10.6 leaves it out. */
const withoutHosts = (output: string) => output.replace(/^(?!#)\S+[ \t]+(?=\S+[ \t]+AAAA)/gm, "");

function checkRequest({ host, port, timeoutSeconds }: ScanRequest): void {
  const refuse = (what: string) => fail("USAGE", { what, help: "man ssh-keyscan" });
  // ssh-keyscan takes a comma or a blank for the start of another host
  if (!/^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$/.test(host)) throw refuse(`${JSON.stringify(host)} is not a host`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw refuse(`${String(port)} is not a port`);
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1) throw refuse(`${String(timeoutSeconds)} is not whole seconds`);
}
