/**
 * Both servers as companies run them: real processes of their own, initialised and unsealed, with TLS by a private CA; nothing of
 * them outlives the test. They need no lab.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchHashicorpVault } from "../../lab/toolchain/go-programs.js";
import { fetchOpenBao } from "../../lab/toolchain/openbao.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { certify, makeCa } from "./certificates.js";
import { until } from "./project.js";

export const serverKinds = ["OpenBao", "Vault"] as const;
export type ServerKind = (typeof serverKinds)[number];

const programs = { OpenBao: fetchOpenBao, Vault: fetchHashicorpVault };

export interface Answer {
  readonly status: number;
  /** As Vault answers; `{}` for an empty answer. */
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>>;
    readonly errors?: readonly string[];
    readonly auth?: { readonly client_token: string } | null;
    readonly wrap_info?: { readonly token: string } | null;
  };
}

export interface Server extends AsyncDisposable {
  readonly kind: ServerKind;
  readonly address: string;
  /** The CA that signed its certificate, a file. */
  readonly caFile: string;
  readonly rootToken: string;
  /** Asks its API; a body makes it a POST. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Answer>;
  /** What a person sets to get there with a token. */
  readonly env: (token?: string) => Record<string, string>;
  readonly unseal: () => Promise<unknown>;
  /** All that the server printed. */
  readonly log: () => Promise<string>;
}

export interface AskOptions {
  readonly token?: string;
  readonly method?: "GET" | "LIST" | "POST" | "DELETE" | "PATCH";
  readonly body?: unknown;
  readonly namespace?: string;
  /** Seconds: the answer is wrapped. */
  readonly wrapped?: number;
}

/** Starts one, initialised and unsealed. Its storage is in its memory. */
export async function startServer(kind: ServerKind): Promise<Server> {
  const { binary } = await programs[kind](readLabSettings(), silent);
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-server-"));
  await makeCa(folder);
  await certify(folder, "server", "IP:127.0.0.1");
  const [port, clusterPort] = [await freePort(), await freePort()];
  const address = `https://127.0.0.1:${String(port)}`;
  const config = join(folder, "server.hcl");
  await writeFile(
    config,
    `disable_mlock = true
${kind === "OpenBao" ? "unsafe_allow_api_audit_creation = true" : ""}
storage "inmem" {}
api_addr = "${address}"
cluster_addr = "https://127.0.0.1:${String(clusterPort)}"
listener "tcp" {
  address = "127.0.0.1:${String(port)}"
  cluster_address = "127.0.0.1:${String(clusterPort)}"
  tls_cert_file = "${join(folder, "server.pem")}"
  tls_key_file = "${join(folder, "server-key.pem")}"
}
`,
  );
  const log = join(folder, "server.log");
  const to = await open(log, "w");
  // Not by execa: what it listens to for the end of this process does not survive the end of a test's surroundings.
  const running = spawn(binary, ["server", `-config=${config}`], { stdio: ["ignore", to.fd, to.fd] });
  const ended = once(running, "exit");
  await to.close();
  const ca = await readFile(join(folder, "ca.pem"), "utf8");
  const ask = (path: string, options: AskOptions = {}) => asked(`${address}/v1/${path}`, ca, options);
  const dispose = async () => {
    running.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(`${kind} to answer`, 30, () =>
      ask("sys/init").then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    const made = (await ask("sys/init", { body: { secret_shares: 1, secret_threshold: 1 } })).body as unknown as {
      keys: string[];
      root_token: string;
    };
    const unseal = () => ask("sys/unseal", { body: { key: made.keys[0] } });
    await unseal();
    await until(`${kind} to be active`, 30, () => ask("sys/health").then(({ status }) => status === 200));
    return {
      kind,
      address,
      caFile: join(folder, "ca.pem"),
      rootToken: made.root_token,
      unseal,
      ask: (path, options = {}) => ask(path, { token: made.root_token, ...options }),
      env: (token = made.root_token) => ({
        VAULT_TOKEN: token,
        VAULT_CACERT: join(folder, "ca.pem"),
        VAULT_ADDR: "",
        BAO_ADDR: "",
      }),
      log: () => readFile(log, "utf8"),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function asked(url: string, ca: string, { token = "", method, body, namespace, wrapped }: AskOptions): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ca,
        method: method ?? (text === undefined ? "GET" : "POST"),
        timeout: 10_000,
        headers: {
          ...(token === "" ? {} : { "X-Vault-Token": token }),
          ...(method === "PATCH" ? { "Content-Type": "application/merge-patch+json" } : {}),
          ...(namespace === undefined ? {} : { "X-Vault-Namespace": namespace }),
          ...(wrapped === undefined ? {} : { "X-Vault-Wrap-TTL": `${String(wrapped)}s` }),
        },
      },
      (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part: string) => (answer += part));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: parsed(answer) });
        });
      },
    );
    sent.on("error", reject).on("timeout", () => sent.destroy(new Error("late")));
    sent.end(text);
  });
}

function parsed(text: string): Answer["body"] {
  try {
    return JSON.parse(text) as Answer["body"];
  } catch {
    return text === "" ? {} : { data: { text } };
  }
}

const given = new Set<number>();

/** A port that nobody listens on now, and that was not given to anybody here before: they may not listen yet. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const at = probe.address();
      probe.close(() => {
        if (at === null || typeof at === "string") reject(new Error("no port"));
        else if (given.has(at.port)) resolve(freePort());
        else {
          given.add(at.port);
          resolve(at.port);
        }
      });
    });
  });
}
