/** The sockets of the directory: bounded in what they take and how long they wait, and drained at the end so that no answer is lost. */
import { once } from "node:events";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps, type Server as HttpsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { networkOf, plainAddress } from "./client-address.js";
import type { Env } from "./directory.js";
import { minVersion, type TlsPair } from "./tls.js";

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
/** The same for a client that does not finish its TLS handshake, or does not begin it. */
const handshakeTimeout = 10_000;
/** What is written and not taken, nor anything said, for so long ends the connection. */
const idle = 60_000;
const mostConnections = 2000;
/** Of one address; of a proxy that is trusted, as many as there can be: all its clients come from it. */
const mostOfOne = 500;
/** A connection that is kept alive has so long to ask once more, and is then told that it is the last time. */
const grace = 2000;
const longestDrain = 15_000;
/** So long may a client take to read why its request was refused. */
const farewell = 1000;

/**
 * @param pair undefined: plain HTTP
 * @param isProxy whether an address is of a proxy that is trusted
 * @throws DIRECTORY_LISTEN
 */
export async function listen(
  app: Hono<Env>,
  { host, port }: ListenAddress,
  pair: TlsPair | undefined,
  isProxy: (address: string) => boolean,
): Promise<Listening> {
  const listener = getRequestListener(app.fetch, { hostname: host });
  const handle = (...args: Parameters<typeof listener>) => void listener(...args);
  const server: Server | HttpsServer =
    pair === undefined ? createHttp(limits, handle) : createHttps({ ...limits, ...pair, handshakeTimeout, minVersion }, handle);
  server.maxConnections = mostConnections;
  server.setTimeout(idle);
  // Plain HTTP is for a proxy on this machine: all come from one address.
  const sockets = trackConnections(server, (address) => pair === undefined || isProxy(address));
  server.on("clientError", refuse);
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
      if ("setSecureContext" in server) server.setSecureContext({ ...next, minVersion });
    },
    async drain() {
      const closed = once(server, "close");
      // Not http's own close: it ends idle connections at once, and a request that is on its way on one of them would be lost.
      NetServer.prototype.close.call(server);
      // Below HTTP and TLS: who has not finished a handshake is known to neither.
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, longestDrain).unref();
      await wait(grace);
      server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy(); // nothing was asked
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Each connection from its first moment on. @param isMany whether an address may have any number of them */
function trackConnections(server: Server | HttpsServer, isMany: (address: string) => boolean): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const numbers = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? "");
    const network = networkOf(address);
    const number = (numbers.get(network) ?? 0) + 1;
    sockets.add(socket);
    numbers.set(network, number);
    socket.once("close", () => {
      sockets.delete(socket);
      const left = (numbers.get(network) ?? 1) - 1;
      if (left === 0) numbers.delete(network);
      else numbers.set(network, left);
    });
    if (number > mostOfOne && !isMany(address)) socket.destroy();
  });
  return sockets;
}

/** What is no HTTP is told so, where there is a connection to tell it on: before the end of a handshake there is none. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? "";
  const status =
    code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : code.startsWith("HPE_")
          ? "400 Bad Request"
          : undefined;
  if (status === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), farewell).unref();
}

const shown = (host: string, port: number) => `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
