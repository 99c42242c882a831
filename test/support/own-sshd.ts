/** A real sshd of a test's own, on 127.0.0.1, with accounts that this machine does not have. It needs root. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshdProgram } from "../../lab/toolchain/sshd-program.js";
import { readToolchainSettings } from "../../src/settings/toolchain.js";
import { until } from "./project.js";
import { freePort } from "./servers.js";

export interface OwnSshd extends AsyncDisposable {
  readonly port: number;
  /** What it logged. */
  readonly log: () => Promise<string>;
}

export interface SshdOptions {
  /** A private key; its public key is beside it. */
  readonly hostKey: string;
  /** A line; undefined: it shows its plain key. */
  readonly hostCertificate?: string | undefined;
  /** The CA of people, a line. */
  readonly userCa: string;
  /** Of hosts: its accounts are opened by certificates for `account@group`. */
  readonly group: string;
  /** VERBOSE where it is left out. */
  readonly logLevel?: "VERBOSE" | "DEBUG1";
  /** Further lines of its configuration. */
  readonly more?: string;
}

/** In a mount namespace of its own: what sshd needs of the system is there, and the system stays as it is. */
const start = `mount -t tmpfs tmpfs /run
mkdir -m 0755 /run/sshd
mount --bind "$1/passwd" /etc/passwd
exec "$2" -D -e -f "$1/sshd_config"`;

const accounts = `sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin
deploy:x:65532:65534::/tmp:/bin/sh
ops:x:65531:65534::/tmp:/bin/sh
`;

/** One of a fleet's hosts. */
export const startSshd = ({
  hostKey,
  hostCertificate,
  userCa,
  group,
  logLevel = "VERBOSE",
  more = "",
}: SshdOptions): Promise<OwnSshd> =>
  startSshdWith(
    (file) => `HostKey ${hostKey}
${hostCertificate === undefined ? "" : `HostCertificate ${file("host-cert.pub")}`}
TrustedUserCAKeys ${file("user_ca.pub")}
AuthorizedPrincipalsCommand /usr/bin/printf %%s\\n %u@${group}
AuthorizedPrincipalsCommandUser nobody
AuthorizedKeysFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 500
Subsystem sftp internal-sftp
LogLevel ${logLevel}
${more}
`,
    {
      "user_ca.pub": `${userCa}\n`,
      ...(hostCertificate === undefined ? {} : { "host-cert.pub": `${hostCertificate}\n` }),
    },
  );

/**
 * @param config its configuration, but for what a test's sshd always has: its port, and no PAM; it is given where a file of `files` is
 * @param files by their names
 */
export async function startSshdWith(
  config: (file: (name: string) => string) => string,
  files: Readonly<Record<string, string>> = {},
): Promise<OwnSshd> {
  const { program, libraries } = await sshdProgram(readToolchainSettings());
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-sshd-"));
  const port = await freePort();
  const file = (name: string) => join(folder, name);
  const others = (await readFile("/etc/passwd", "utf8")).split("\n").filter((line) => !/^(sshd|deploy|ops):|^$/.test(line));
  await writeFile(file("passwd"), `${others.join("\n")}\n${accounts}`, { mode: 0o644 });
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(file(name), content)));
  const own = `ListenAddress 127.0.0.1:${String(port)}\nUsePAM no\nPidFile none\nPrintMotd no\n`;
  await writeFile(file("sshd_config"), own + config(file));
  const to = await open(file("log"), "w");
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const stdio = ["ignore", to.fd, to.fd] as const;
  const running = spawn("unshare", ["--mount", "sh", "-euc", start, "sh", folder, program], { stdio: [...stdio], env });
  const ended = once(running, "exit");
  await to.close();
  const dispose = async () => {
    running.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // By its own word: where another took the port meanwhile, that one would answer.
    const listens = async () =>
      (await readFile(file("log"), "utf8")).includes(`Server listening on 127.0.0.1 port ${String(port)}.`);
    await until(`sshd to listen on ${String(port)}`, 10, listens, 20);
    return { port, log: () => readFile(file("log"), "utf8"), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    const said = await readFile(file("log"), "utf8");
    await dispose();
    throw new Error(said, { cause: error });
  }
}
