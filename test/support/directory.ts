/** A directory that serves a fleet, as a process; and hosts that said something, without machines. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { dirname, join } from "node:path";
import { enrol, text, tokenOf, type AppliedFleet } from "./applied-fleet.js";
import { certify } from "./certificates.js";
import { openOidcFleet, type OidcFleet } from "./oidc.js";
import { run, sshTrustFile, succeeds, until } from "./project.js";
import { freePort, type ServerKind } from "./servers.js";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
  readonly agent?: Agent;
  /** The name that the certificate is held against, where it is not the header's. */
  readonly servername?: string;
}

export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it said so far. */
  readonly said: () => string;
  readonly tokenFile: string;
  readonly port: number;
  readonly ask: (path: string, asking?: Asking) => Promise<Answered>;
}

/** As browsers say what they want. */
export const asBrowser = { accept: "text/html,application/xhtml+xml" };

interface Meanwhile {
  /** Right before it is started. */
  readonly before?: () => Promise<unknown>;
  /** While it starts. @param said what it said so far */
  readonly meanwhile?: (said: () => string, process: ChildProcess) => Promise<unknown>;
}

/** @param fleet whose file has a directory @param args further ones */
export async function startDirectory(
  fleet: Pick<AppliedFleet, "server" | "folder" | "must">,
  port: number,
  args: readonly string[] = [],
  { before, meanwhile }: Meanwhile = {},
): Promise<Running> {
  const { server, folder, must } = fleet;
  const home = dirname(server.caFile);
  await certify(home, "directory", "DNS:localhost,IP:127.0.0.1");
  const { stdout: policy } = await folder.sshTrust(["apply", "--print-policy", "directory"], undefined, {
    VAULT_ADDR: server.address,
  });
  await must("sys/policies/acl/ssh-trust-directory", { body: { policy } });
  const token = tokenOf(await must("auth/token/create-orphan", { body: { policies: ["ssh-trust-directory"], period: "1h" } }));
  const file = join(folder.folder, "directory.token");
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  const listening = ["--listen", `127.0.0.1:${String(port)}`, "--token-file", file];
  const tls = ["--tls-cert", join(home, "directory.pem"), "--tls-key", join(home, "directory-key.pem")];
  const rate = args.includes("--rate") ? [] : ["--rate", "1000"];
  await before?.();
  const running = spawn(process.execPath, [sshTrustFile, "directory", "serve", ...listening, ...tls, ...rate, ...args], {
    env: {
      ...process.env,
      ...server.env(),
      VAULT_TOKEN: "",
      VAULT_ADDR: server.address,
      HOME: folder.folder,
      XDG_STATE_HOME: "",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  running.stderr.setEncoding("utf8").on("data", (part: string) => (said += part));
  const ended = once(running, "exit");
  const ca = await readFile(server.caFile, "utf8");
  await meanwhile?.(() => said, running);
  await until("the directory to read the fleet", 20, () => {
    if (running.exitCode !== null) throw new Error(`the directory ended: ${said}`);
    return Promise.resolve(said.includes("hosts from Vault"));
  });
  return {
    process: running,
    said: () => said,
    tokenFile: file,
    port,
    ask: (path, asking) => ask(`https://localhost:${String(port)}`, ca, path, asking),
    async [Symbol.asyncDispose]() {
      running.kill("SIGKILL");
      await ended;
    },
  };
}

function ask(
  at: string,
  ca: string,
  path: string,
  { headers = {}, method, body, agent, servername }: Asking = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = {
      ca,
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers,
      timeout: 20_000,
      ...(servername === undefined ? {} : { servername }),
    };
    // As it is given: URL would mend what is odd in it.
    const { hostname, port } = new URL(at);
    const sent = request(
      { ...options, hostname, port, path, agent: agent ?? new Agent({ keepAlive: false, ca }) },
      (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part: string) => (answer += part));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answer,
            json: () => JSON.parse(answer) as Record<string, unknown>,
          });
        });
      },
    );
    sent.on("error", reject).on("timeout", () => sent.destroy(new Error("late")));
    sent.end(body);
  });
}

export interface DirectoryFleet extends OidcFleet {
  readonly port: number;
  readonly directory: Running;
  /** As a host writes it, by its own token. @returns its public key */
  readonly host: (name: string, group: string, more?: Readonly<Record<string, unknown>>) => Promise<WrittenHost>;
}

export interface WrittenHost {
  readonly token: string;
  /** A line of a .pub file. */
  readonly key: string;
  readonly certificate: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** @param openTo ranges that may read without signing in */
export async function openDirectoryFleet(kind: ServerKind, openTo = "", args: readonly string[] = []): Promise<DirectoryFleet> {
  const port = await freePort();
  const address = `https://localhost:${String(port)}`;
  const open = openTo === "" ? "" : `, open-to: ["${openTo}"]`;
  const lines = `directory: { address: "${address}"${open} }\n`;
  const fleet = await openOidcFleet(kind, { text: lines, callback: `${address}/sign-in/callback` });
  const host: DirectoryFleet["host"] = (name, group, more) => writeHost(fleet, name, group, more);
  try {
    await host("web-1", "web");
    const directory = await startDirectory(fleet, port, args);
    return {
      ...fleet,
      port,
      directory,
      host,
      async [Symbol.asyncDispose]() {
        await directory[Symbol.asyncDispose]();
        await fleet[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
}

/** Enrols a host, has its key certified by its own token, and writes its entry as ssh-trust-host.sh does. @param more of the entry */
export async function writeHost(
  fleet: Pick<AppliedFleet, "must" | "registrar" | "folder" | "server" | "operator">,
  name: string,
  group: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<WrittenHost> {
  const { must } = fleet;
  const whole = `${name}.example.org`;
  const { token } = await enrol(fleet as AppliedFleet, "example.org", name, group);
  const folder = await mkdtemp("/dev/shm/test-key-");
  try {
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, "key")]));
    const key = (await readFile(join(folder, "key.pub"), "utf8")).trim();
    const body = { public_key: key, cert_type: "host", valid_principals: whole, ttl: "1h" };
    const signed = text((await must(`host-ssh/sign/${group}`, { token, body })).data, "signed_key").trim();
    const now = Math.floor(Date.now() / 1000);
    const entry = {
      schema: 1,
      host: whole,
      group,
      written: now,
      addresses: ["192.0.2.7"],
      keys: [key],
      certificates: [signed],
      openssh: "OpenSSH_9.2p1",
      script: "1",
      machine: "m".repeat(16),
      boot: "b".repeat(16),
      userCas: [],
      next: now + 3600,
      problem: "",
      since: 0,
      conflict: false,
      ...more,
    };
    await must(`ssh-trust/data/hosts/${whole}`, { token, body: { data: entry } });
    return { token, key, certificate: signed, entry };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
