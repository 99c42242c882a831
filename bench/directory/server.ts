/** OpenBao, and a fleet that was applied there, whose directory is at a port of this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../lab/lab.js";
import { fetchOpenBao } from "../../lab/toolchain/openbao.js";
import { waitUntil } from "../../src/ground/wait.js";

export const ports = { vault: 18_240, directory: 18_242 } as const;
export const domain = "example.org";
export const groups = ["web", "app", "db", "cache", "edge"] as const;
const root = "of-a-measurement";
const address = `http://127.0.0.1:${String(ports.vault)}`;

export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly auth?: { readonly client_token: string } | null;
}
/** Asks as root: with a body to write, without one to read. */
export type Asked = (path: string, body?: object, method?: "DELETE") => Promise<Answer>;

export interface BenchServer extends AsyncDisposable {
  readonly pid: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly program: string;
  readonly ask: Asked;
  /** Requests that it has handled so far. */
  readonly handled: () => Promise<number>;
  /** Applies the fleet file. @param store requests a second to its store */
  readonly apply: (store: number) => Promise<void>;
  /** The file that holds a token which may do what a directory may. */
  readonly tokenFile: () => Promise<string>;
}

const fleet = (store: number) => `vault: ${address}
domains: [${domain}]
hosts:
${groups.map((group) => `  ${group}: { names: "${group}-*.${domain}", accounts: [deploy, admin] }`).join("\n")}
people:
  platform: {}
access:
  - { name: platform, who: platform, on: web, as: [deploy], for: 1h }
limits: { sign-in: 100000, sign: 100000, store: ${String(store)} }
directory: { address: "http://127.0.0.1:${String(ports.directory)}", open-to: ["127.0.0.0/8"] }
`;

/** So that it says how much it was asked. */
const config = `telemetry {
  prometheus_retention_time = "10m"
  disable_hostname = true
}
`;

export async function openBenchServer(lab: Lab): Promise<BenchServer> {
  const { binary } = await fetchOpenBao(lab.settings, lab.progress);
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-bench-"));
  const file = (name: string) => join(folder, name);
  await writeFile(file("server.hcl"), config);
  const dev = [
    "-dev",
    "-dev-no-store-token",
    `-dev-root-token-id=${root}`,
    `-dev-listen-address=127.0.0.1:${String(ports.vault)}`,
  ];
  const running = spawn(binary, ["server", ...dev, `-config=${file("server.hcl")}`], { stdio: "ignore" });
  const ended = once(running, "exit");
  const end = () => {
    running.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", end); // also where it is interrupted
  const dispose = async () => {
    process.removeListener("exit", end);
    end();
    await ended;
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const ask: Asked = async (path, body, method) => {
    const { status, text } = await exchange(agent, path, body, method);
    if (status >= 300) throw new Error(`${path}: ${String(status)} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as Answer;
  };
  const env = { VAULT_TOKEN: root, VAULT_ADDR: address };
  const program = join(lab.settings.root, "bin/ssh-trust.js");
  const sshTrust = (args: readonly string[]) => execa(process.execPath, [program, ...args], { cwd: folder, env });
  try {
    const answers = async () => (await fetch(`${address}/v1/sys/health`).catch(() => undefined))?.ok === true;
    if (!(await waitUntil(answers, { seconds: 30 }))) throw new Error("the server does not answer");
    return {
      pid: running.pid ?? 0,
      folder,
      env: { VAULT_TOKEN: "", VAULT_ADDR: address, HOME: folder },
      program,
      ask,
      async handled() {
        const { text } = await exchange(agent, "sys/metrics?format=prometheus");
        return Number(/^\w*core_handle_request_count\S* (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
      },
      async apply(store) {
        await writeFile(file("ssh-trust.yaml"), fleet(store));
        await sshTrust(["apply", "--yes"]);
      },
      async tokenFile() {
        const { stdout: policy } = await sshTrust(["apply", "--print-policy", "directory"]);
        await ask("sys/policies/acl/directory", { policy });
        const made = await ask("auth/token/create-orphan", { policies: ["directory"], period: "1h" });
        await writeFile(file("token"), made.auth?.client_token ?? "", { mode: 0o600 });
        return file("token");
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function exchange(
  agent: Agent,
  path: string,
  body?: object,
  method = body === undefined ? "GET" : "POST",
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "X-Vault-Token": root };
    const sent = request(`${address}/v1/${path}`, { agent, headers, method }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
