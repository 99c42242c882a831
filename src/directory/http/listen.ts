/** The sockets of the directory: bounded in what they take and how long they wait, and drained at the end so that no answer is lost. */
import { once } from "node:events";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps, type Server as HttpsServer } from "node:https";
import { Server as NetServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { Env } from "./directory.js";
import type { TlsPair } from "./tls.js";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface Listening {
  /** Where, such as "https://127.0.0.1:8443": the port that was given out where 0 was asked for. */
  readonly address: string;
  readonly useTls: (pair: TlsPair) => void;
  /** Takes no new connection, and ends when what was asked is answered. */
  drain(): Promise<void>;
}

/** A client that sends a byte a second holds a connection no longer than this; in milliseconds. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
};
/** What is written and not taken, nor anything said, for so long ends the connection. */
const idle = 60_000;
const mostConnections = 2000;
/** A connection that is kept alive has so long to ask once more, and is then told that it is the last time. */
const grace = 2000;
const longestDrain = 15_000;

/** @param pair undefined: plain HTTP @throws DIRECTORY_LISTEN */
export async function listen(app: Hono<Env>, { host, port }: ListenAddress, pair: TlsPair | undefined): Promise<Listening> {
  const listener = getRequestListener(app.fetch, { hostname: host });
  const handle = (...args: Parameters<typeof listener>) => void listener(...args);
  const server: Server | HttpsServer =
    pair === undefined ? createHttp(limits, handle) : createHttps({ ...limits, ...pair, minVersion: "TLSv1.2" }, handle);
  server.maxConnections = mostConnections;
  server.setTimeout(idle);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? "408 Request Timeout"
          : "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (error) {
    throw fail("DIRECTORY_LISTEN", { address: shown(host, port), reason: reasonOf(error) }, error);
  }
  const bound = server.address();
  const given = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    address: `${pair === undefined ? "http" : "https"}://${shown(host, given)}`,
    useTls: (next) => {
      if ("setSecureContext" in server) server.setSecureContext({ ...next, minVersion: "TLSv1.2" });
    },
    async drain() {
      const closed = once(server, "close");
      // Not http's own close: it ends idle connections at once, and a request that is on its way on one of them would be lost.
      NetServer.prototype.close.call(server);
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, longestDrain).unref();
      await wait(grace);
      server.closeIdleConnections();
      await closed;
      clearTimeout(timer);
    },
  };
}

const shown = (host: string, port: number) => `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
