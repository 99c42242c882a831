/** Between a command and a server: it shows what is asked, can hold it back, and can answer in the server's place. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Server } from "./servers.js";

/** What is done with a request: undefined lets it pass. */
export type Gate = (asked: string) => Promise<{ readonly status: number; readonly errors?: readonly string[] } | undefined>;

export interface Proxy extends AsyncDisposable {
  readonly address: string;
  /** Each request, such as "GET sys/health", in its order. */
  readonly asked: string[];
  /** What is done with those that come from now on. */
  gate: Gate | undefined;
}

export async function startProxy({ address, caFile }: Pick<Server, "address" | "caFile">): Promise<Proxy> {
  const ca = await readFile(caFile);
  const asked: string[] = [];
  const pass = async (from: IncomingMessage, to: ServerResponse) => {
    const what = `${from.method ?? ""} ${(from.url ?? "").replace(/^\/v1\//, "").replace(/\?.*$/, "")}`;
    asked.push(what);
    const body = await buffer(from);
    const instead = await proxy.gate?.(what);
    if (instead !== undefined) {
      to.writeHead(instead.status, { "content-type": "application/json" }).end(JSON.stringify({ errors: instead.errors ?? [] }));
      return;
    }
    const sent = request(`${address}${from.url ?? ""}`, {
      ca,
      method: from.method,
      headers: { ...from.headers, host: undefined },
    });
    sent.on("error", () => to.destroy());
    sent.on("response", (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    sent.end(body);
  };
  const server = createServer((from, to) => void pass(from, to).catch(() => to.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    gate: undefined,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return proxy;
}
