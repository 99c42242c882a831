/** A Terraform backend of type http, with locks: https://developer.hashicorp.com/terraform/language/backend/http */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface StateServer extends AsyncDisposable {
  readonly address: string;
  /** What is kept; undefined while nothing is. */
  readonly state: () => string | undefined;
  /** Who holds the lock, as Terraform says it. */
  lock: string | undefined;
}

export async function startStateServer(): Promise<StateServer> {
  let state: string | undefined;
  const kept = { lock: undefined as string | undefined };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const end = (status: number, text = "") => response.writeHead(status).end(text);
      switch (request.method) {
        case "LOCK":
          if (kept.lock !== undefined) return end(423, kept.lock);
          kept.lock = body;
          return end(200);
        case "UNLOCK":
          kept.lock = undefined;
          return end(200);
        case "POST":
          state = body;
          return end(200);
        default:
          return state === undefined ? end(404) : end(200, state);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(kept, {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/state`,
    state: () => state,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}
