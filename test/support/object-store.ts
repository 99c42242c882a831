/** A store of objects as companies have it: MinIO, a process of its own, without TLS. Its data goes with it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "minio";
import { readLabSettings } from "../../lab/settings/lab.js";
import { fetchMinio } from "../../lab/toolchain/go-programs.js";
import { silent } from "../../src/ground/progress.js";
import { until } from "./project.js";
import { freePort } from "./servers.js";

export interface ObjectStore extends AsyncDisposable {
  readonly address: string;
  readonly region: string;
  readonly user: string;
  readonly password: string;
  /** As the one that it has. */
  readonly client: Client;
}

export async function startObjectStore(): Promise<ObjectStore> {
  const { binary } = await fetchMinio(readLabSettings(), silent);
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-objects-"));
  const port = await freePort();
  const access = { user: "fleet-operator", password: "a store's secret, 77aa", region: "eu-central-1" };
  const { user: accessKey, password: secretKey, region } = access;
  const env = { MINIO_ROOT_USER: accessKey, MINIO_ROOT_PASSWORD: secretKey, MINIO_BROWSER: "off", MINIO_UPDATE: "off" };
  const running = spawn(binary, ["server", "--quiet", "--anonymous", "--address", `127.0.0.1:${String(port)}`, folder], {
    stdio: "ignore",
    env: { HOME: folder, ...env },
  });
  const ended = once(running, "exit");
  const dispose = async () => {
    running.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const client = new Client({ endPoint: "127.0.0.1", port, useSSL: false, pathStyle: true, accessKey, secretKey, region });
  try {
    await until("MinIO to answer", 30, () =>
      client.listBuckets().then(
        () => true,
        () => false,
      ),
    );
    return { ...access, client, address: `http://127.0.0.1:${String(port)}`, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
