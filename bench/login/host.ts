/** A server, a fleet and one host of it on 127.0.0.1, which takes certificates and, for comparison, one plain key. It needs root. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import type { Lab } from "../../lab/lab.js";
import { fetchOpenBao } from "../../lab/toolchain/openbao.js";
import { sshdProgram, type SshdProgram } from "../../lab/toolchain/sshd-program.js";
import { agentProgram } from "../../src/cli/agent/start.js";
import { isThere } from "../../src/ground/new-file.js";
import { waitUntil } from "../../src/ground/wait.js";
import { addHost } from "../../src/host/add.js";
import { openVaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";

/** The server takes the one after its own, too, for other servers of a cluster. */
export const ports = { vault: 18_220, sshd: 18_222, away: 18_223 } as const;
const root = "of-a-measurement";
export const name = "web-1.example.org";
const address = (port: number) => `http://127.0.0.1:${String(port)}`;

export interface BenchHost extends AsyncDisposable {
  readonly folder: string;
  /** The server's program, such as bao. */
  readonly server: string;
  readonly env: Readonly<Record<string, string>>;
  /** `ssh-trust`, as the person. */
  readonly sshTrust: (args: readonly string[]) => Promise<string>;
  /** Signs the person in anew: nothing that was signed before is used. @param port of the server, or of what delays it */
  readonly signIn: (port: number) => Promise<void>;
  /** Has the key of the certificate in a file signed anew. */
  readonly certify: () => Promise<void>;
  /** Of ssh -F: by a plain key that authorized_keys and known_hosts have; by a certificate in a file; by the agent. */
  readonly config: { readonly plain: string; readonly certificate: string; readonly agent: string };
  readonly hostKey: string;
}

const fleet = `vault: ${address(ports.vault)}
domains: [example.org]
hosts:
  web: { names: "web-*.example.org", accounts: [root] }
people:
  platform: {}
access:
  - { name: platform-web, who: platform, on: web, as: [root], for: 1m, with: [pty] }
limits: { sign-in: 10000, sign: 10000, store: 10000 }
`;

const roleId = z.object({ data: z.object({ secret_id: z.string() }) });
const login = z.object({ auth: z.object({ client_token: z.string() }) });
const signed = z.object({ data: z.object({ signed_key: z.string() }) });

export async function openBenchHost(lab: Lab): Promise<BenchHost> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-bench-"));
  const runtime = await mkdtemp("/dev/shm/bench-");
  await chmod(folder, 0o755); // sshd looks at authorized_keys as the account
  const running: ChildProcess[] = [];
  const end = () => {
    for (const each of [...running].reverse()) each.kill("SIGTERM");
    for (const each of [folder, runtime]) rmSync(each, { recursive: true, force: true });
  };
  process.once("exit", end); // also where it is interrupted
  const dispose = async () => {
    const over = running.map((each) => once(each, "exit"));
    process.removeListener("exit", end);
    end();
    await Promise.all(over);
  };
  try {
    const { binary: server } = await fetchOpenBao(lab.settings, lab.progress);
    const listen = `-dev-listen-address=127.0.0.1:${String(ports.vault)}`;
    running.push(
      spawn(server, ["server", "-dev", "-dev-no-store-token", `-dev-root-token-id=${root}`, listen], { stdio: "ignore" }),
    );
    const healthy = async () => (await fetch(`${address(ports.vault)}/v1/sys/health`).catch(() => undefined))?.ok === true;
    if (!(await waitUntil(healthy, { seconds: 30 }))) throw new Error("the server does not answer");
    const file = (each: string) => join(folder, each);
    const ours = (env: Record<string, string>) => async (args: readonly string[]) =>
      (await execa(process.execPath, [join(lab.settings.root, "bin/ssh-trust.js"), ...args], { cwd: folder, env })).stdout;
    await writeFile(file("ssh-trust.yaml"), fleet);
    await ours({ VAULT_TOKEN: root })(["apply", "--yes"]);
    const env = { XDG_RUNTIME_DIR: runtime, HOME: folder, VAULT_TOKEN: "", VAULT_ADDR: "" };
    const sshTrust = ours(env);

    for (const key of ["host_key", "id_ed25519", "certified"])
      await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file(key)]);
    const hostKey = (await readFile(file("host_key.pub"), "utf8")).trim();
    await writeFile(file("host_key-cert.pub"), await certifyHost(hostKey));
    const userCa = await (await fetch(`${address(ports.vault)}/v1/user-ssh/public_key`)).text();
    await writeFile(file("user_ca.pub"), userCa);
    running.push(await startSshd(folder, await sshdProgram(lab.settings)));

    const signIn = async (port: number) => {
      await sshTrust(["logout", "--all"]); // else both sign-ins would be asked
      const api = asToken(root);
      const policies = ["ssh-trust-signed-in", "ssh-trust-people-platform"];
      const made = await api.write("auth/token/create", { policies, display_name: "alice", ttl: "1h" }, login);
      await writeFile(file("token"), made?.auth.client_token ?? "", { mode: 0o600 });
      await sshTrust(["login", "--vault", address(port), "--method", "token", "--token-file", file("token")]);
    };
    await signIn(ports.vault);
    const [program, ...args] = [...agentProgram(), "--log", file("agent.log")];
    running.push(spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: "ignore" }));
    const socket = join(runtime, "ssh-trust", "agent.sock");
    if (!(await waitUntil(() => isThere(socket), { seconds: 10 }))) throw new Error("the agent does not listen");
    const certify = async () => {
      const wanted = { public_key: await readFile(file("certified.pub"), "utf8"), valid_principals: "root@web" };
      const made = await asToken(root).write("user-ssh/sign/platform-web", wanted, signed);
      await writeFile(file("certified-cert.pub"), made?.data.signed_key ?? "");
    };
    const config = { plain: file("plain"), certificate: file("certificate"), agent: file("agent") };
    await writeFile(file("known_hosts"), `${name} ${hostKey}\n`);
    await writeFile(file("fleet_known_hosts"), await sshTrust(["known-hosts"]));
    const common = `Host ${name}\n  HostName 127.0.0.1\n  HostKeyAlias ${name}\n  Port ${String(ports.sshd)}\n  User root\n`;
    const strict = "  StrictHostKeyChecking yes\n  UpdateHostKeys no\n  GlobalKnownHostsFile /dev/null\n";
    const certified = "ssh-ed25519-cert-v01@openssh.com";
    const byCertificate =
      `${common}${strict}  UserKnownHostsFile ${file("fleet_known_hosts")}\n` +
      `  HostKeyAlgorithms ${certified}\n  PubkeyAcceptedKeyTypes ${certified}\n`;
    const byFile = "  IdentityAgent none\n  IdentitiesOnly yes\n";
    await writeFile(
      config.plain,
      `${common}${strict}  UserKnownHostsFile ${file("known_hosts")}\n  HostKeyAlgorithms ssh-ed25519\n` +
        `${byFile}  IdentityFile ${file("id_ed25519")}\n`,
    );
    await writeFile(config.certificate, `${byCertificate}${byFile}  IdentityFile ${file("certified")}\n`);
    await writeFile(config.agent, `${common}${await sshTrust(["config", "print"])}\n`);
    return { folder, server, env, sshTrust, signIn, certify, config, hostKey: file("host_key"), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const asToken = (token: string) =>
  openVaultApi({ address: address(ports.vault), namespace: undefined, tls: {}, token, tokenSource: "the measurement" });

/** As a host has it done: with an identity of its own. */
async function certifyHost(publicKey: string): Promise<string> {
  const api = asToken(root);
  const handed = await addHost(api, await readStoredFleet(api), name, { valid: 300, handOver: () => Promise.resolve() });
  const unwrapping = asToken(handed.wrapped.token);
  const secret = await unwrapping.write("sys/wrapping/unwrap", {}, roleId);
  const body = { role_id: handed.roleId, secret_id: secret?.data.secret_id };
  const host = await api.writeAnonymously("auth/ssh-trust/hosts/example.org/login", body, login);
  const ca = asToken(host?.auth.client_token ?? "");
  const wanted = { public_key: publicKey, cert_type: "host", valid_principals: name };
  return (await ca.write("host-ssh/sign/web", wanted, signed))?.data.signed_key ?? "";
}

async function startSshd(folder: string, { program, libraries }: SshdProgram): Promise<ChildProcess> {
  const file = (each: string) => join(folder, each);
  await writeFile(
    file("sshd_config"),
    `ListenAddress 127.0.0.1:${String(ports.sshd)}
HostKey ${file("host_key")}
HostCertificate ${file("host_key-cert.pub")}
TrustedUserCAKeys ${file("user_ca.pub")}
AuthorizedPrincipalsCommand /usr/bin/printf %%s\\n %u@web
AuthorizedPrincipalsCommandUser nobody
AuthorizedKeysFile ${file("id_ed25519.pub")}
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
PrintMotd no
MaxStartups 1000
LogLevel FATAL
`,
  );
  // What a shell reads when it starts differs from machine to machine, and is none of this.
  const users = (await readFile("/etc/passwd", "utf8")).replace(/^sshd:.*\n/m, "").replace(/^(root:.*:).*$/m, "$1/bin/sh");
  await writeFile(file("passwd"), `${users}sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n`, { mode: 0o644 });
  // What it needs of the system is there for it alone.
  const script =
    'mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd && mount --bind "$3" /etc/passwd && exec "$1" -D -e -f "$2"';
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const args = ["--mount", "sh", "-euc", script, "sh", program, file("sshd_config"), file("passwd")];
  const running = spawn("unshare", args, { stdio: ["ignore", "ignore", "inherit"], env });
  if (!(await waitUntil(answers, { seconds: 10 }))) throw new Error("sshd does not listen");
  return running;
}

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(ports.sshd, "127.0.0.1");
    socket.once("error", () => {
      resolve(false);
    });
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
  });
