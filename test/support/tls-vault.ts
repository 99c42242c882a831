/** A Vault of one's own as companies have it: TLS by a private CA, client certificates required. A real server, in a container. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certify, makeCa } from "./certificates.js";
import { docker, root, succeeds, until } from "./project.js";

export const token = "a-company's-token";
const name = "ssh-trust-test-tls";
/** The name in the certificate of the first listener; nothing resolves it. */
const serverName = "vault.private.test";

export interface TlsVault extends AsyncDisposable {
  /** Where its certificate fits the address, and where it does not. */
  readonly address: string;
  readonly otherAddress: string;
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  /** All that it takes to get to the first. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for the second. */
  readonly otherEnv: Readonly<Record<string, string>>;
  readonly caKey: (mount: string) => Promise<string>;
}

const listener = (port: number, cert: string) => `listener "tcp" {
  address = "0.0.0.0:${String(port)}"
  tls_cert_file = "/tls/${cert}.pem"
  tls_key_file = "/tls/${cert}-key.pem"
  tls_client_ca_file = "/tls/ca.pem"
  tls_require_and_verify_client_cert = true
}
`;

/** Starts it. Its ports: 18443, where the certificate fits; 18444, where it is for another name. */
export async function startTlsVault(): Promise<TlsVault> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-tls-"));
  await chmod(folder, 0o755);
  await makeCa(folder);
  await certify(folder, "fits", "DNS:localhost,IP:127.0.0.1");
  await certify(folder, "other", `DNS:${serverName}`);
  await certify(folder, "client", "DNS:client");
  await mkdir(join(folder, "config"));
  await writeFile(join(folder, "config/tls.hcl"), listener(8443, "fits") + listener(8444, "other"));

  const { vaultImage } = JSON.parse(await readFile(join(root, ".lab/toolchain.json"), "utf8")) as { vaultImage: string };
  await docker("rm", "-f", name);
  const start =
    "exec $(command -v vault || command -v bao) server -dev -dev-no-store-token -dev-listen-address=127.0.0.1:8200 -config=/tls/config";
  const tokens = ["VAULT_DEV_ROOT_TOKEN_ID", "BAO_DEV_ROOT_TOKEN_ID"].flatMap((each) => ["-e", `${each}=${token}`]);
  const ports = ["18443:8443", "18444:8444"].flatMap((each) => ["-p", `127.0.0.1:${each}`]);
  const options = ["--name", name, ...tokens, ...ports, "-v", `${folder}:/tls:ro`, "--entrypoint", "sh"];
  await succeeds(docker("run", "-d", ...options, vaultImage, "-c", start));

  const files = { ca: join(folder, "ca.pem"), cert: join(folder, "client.pem"), key: join(folder, "client-key.pem") };
  const env = {
    VAULT_ADDR: "https://127.0.0.1:18443",
    VAULT_TOKEN: token,
    VAULT_CACERT: files.ca,
    VAULT_CLIENT_CERT: files.cert,
    VAULT_CLIENT_KEY: files.key,
  };
  const [pem, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((file) => readFile(file, "utf8")));
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const asked = request(`${env.VAULT_ADDR}/v1/${path}`, { ca: pem, cert, key, timeout: 2000 }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => {
          resolve(text);
        });
      });
      asked.on("error", reject).on("timeout", () => asked.destroy(new Error("late")));
      asked.end();
    });
  await until("the server to answer by TLS", 30, () =>
    get("sys/health").then(
      (text) => text.includes('"sealed":false'),
      () => false,
    ),
  );
  return {
    address: env.VAULT_ADDR,
    otherAddress: "https://127.0.0.1:18444",
    files,
    env,
    otherEnv: { ...env, VAULT_ADDR: "https://127.0.0.1:18444", VAULT_TLS_SERVER_NAME: serverName },
    caKey: async (mount) => (await get(`${mount}/public_key`)).trim(),
    [Symbol.asyncDispose]: async () => {
      await docker("rm", "-f", name);
      await rm(folder, { recursive: true });
    },
  };
}
