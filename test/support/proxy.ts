/** Between a command and a server: it shows what is asked, can hold it back, and can answer in the server's place. */
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Server } from "./servers.js";

/** What is done with a request: undefined lets it pass. */
export type Gate = (asked: string) => Promise<Instead | undefined>;

/** What is answered in the server's place: reasons for a refusal, or a body. */
export interface Instead {
  readonly status: number;
  readonly errors?: readonly string[];
  readonly body?: unknown;
  /** A page, as of a proxy, in place of both. */
  readonly page?: string;
  readonly location?: string;
  /** The connection ends in the middle of the answer. */
  readonly cut?: boolean;
}

export interface Proxy extends AsyncDisposable {
  readonly address: string;
  /** Each request, such as "GET sys/health", in its order. */
  readonly asked: string[];
  /** What is done with those that come from now on. */
  gate: Gate | undefined;
}

/**
 * One connection for each request to it, by hand: Node's own server does not know Vault's method LIST. Those to the server are
 * kept: TLS costs more than all else.
 */
export async function startProxy({ address, caFile }: Pick<Server, "address" | "caFile">): Promise<Proxy> {
  const agent = new Agent({ ca: await readFile(caFile, "utf8"), keepAlive: true });
  const asked: string[] = [];
  const open = new Set<Socket>();

  const forward = ({ method, path, headers, body }: Asked) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request(address + path, {
        agent,
        method,
        headers: { ...headers, host: new URL(address).host, connection: "keep-alive" },
      });
      sent.on("error", reject);
      sent.on("response", (answer) => {
        buffer(answer).then((bytes) => {
          resolve({ status: answer.statusCode ?? 502, body: bytes.toString("latin1") });
        }, reject);
      });
      sent.end(body, "latin1");
    });

  async function answer(from: Asked): Promise<string> {
    const what = `${from.method} ${from.path.replace(/^\/v1\//, "").replace(/\?.*$/, "")}`;
    asked.push(what);
    const instead = await proxy.gate?.(what);
    const { status, body } =
      instead === undefined
        ? await forward(from)
        : { status: instead.status, body: instead.page ?? JSON.stringify(instead.body ?? { errors: instead.errors ?? [] }) };
    const type = instead?.page === undefined ? "application/json" : "text/html";
    const location = instead?.location === undefined ? "" : `location: ${instead.location}\r\n`;
    const length = String(Buffer.byteLength(body, "latin1") + (instead?.cut === true ? 100 : 0));
    return `HTTP/1.1 ${String(status)} \r\ncontent-type: ${type}\r\nconnection: close\r\n${location}content-length: ${length}\r\n\r\n${body}`;
  }

  const server = createServer((socket) => {
    open.add(socket);
    let text = "";
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    socket.on("data", (part: Buffer) => {
      text += part.toString();
      const whole = parsed(text);
      if (whole === undefined) return;
      text = "";
      answer(whole).then(
        (said) => socket.end(said, "latin1"),
        () => socket.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    gate: undefined,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
  return proxy;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request, once all of it is there. */
function parsed(text: string): Asked | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const body = text.slice(end + 4);
  if (body.length < Number(headers["content-length"] ?? 0)) return undefined;
  const [method = "", path = ""] = first.split(" ");
  return { method, path, headers, body };
}
