/** Waits on a port of this machine, and of no other, for a browser that comes back from an identity provider. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fail, isFailure, reasonOf } from "../../errors/catalogue.js";
import { systemCode } from "../../ground/system-error.js";
import { callback } from "./browser.js";

export interface Listening extends AsyncDisposable {
  /**
   * What `take` makes of the first query that it does not refuse as somebody else's.
   * @throws what `take` throws, OIDC_NOBODY_CAME, the signal's reason
   */
  first<T>(take: (query: URLSearchParams) => Promise<T>, seconds: number, signal: AbortSignal): Promise<T>;
}

/** Nothing of the request is in it. */
const page = (text: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>ssh-trust</title><body style="font: 1.2rem sans-serif; margin: 4rem"><p>${text}</p></body></html>`;
const pages = {
  done: page("You are signed in. Close this window, and go back to the terminal."),
  failed: page("The sign-in failed. The terminal says why."),
  unknown: page("This is not the sign-in that the terminal waits for."),
} as const;

/** By both of localhost's addresses, where the machine has both. @throws OIDC_PORT_TAKEN */
export async function listenForBrowser(): Promise<Listening> {
  let handle: ((query: URLSearchParams) => Promise<keyof typeof pages>) | undefined;
  const servers: Server[] = [];
  const dispose = async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  };
  try {
    for (const host of ["127.0.0.1", "::1"]) {
      const server = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://localhost");
        const answer =
          request.method === "GET" && url.pathname === callback.path && handle !== undefined
            ? handle(url.searchParams)
            : Promise.resolve("unknown" as const);
        void answer.then((which) => {
          response.writeHead(which === "done" ? 200 : 400, {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
            "referrer-policy": "no-referrer", // the address has the code
            connection: "close",
          });
          response.end(pages[which]);
        });
      });
      server.listen({ port: callback.port, host, exclusive: true });
      try {
        await once(server, "listening");
        servers.push(server);
      } catch (error) {
        if (host === "::1" && systemCode(error) !== "EADDRINUSE") continue;
        throw fail("OIDC_PORT_TAKEN", { port: String(callback.port), reason: reasonOf(error) }, error);
      }
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    first: (take, seconds, signal) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(fail("OIDC_NOBODY_CAME", { minutes: String(Math.round(seconds / 60)) }));
        }, seconds * 1000);
        const stop = () => {
          clearTimeout(late);
          reject(new Error("interrupted", { cause: signal.reason }));
        };
        signal.addEventListener("abort", stop, { once: true });
        handle = async (query) => {
          try {
            const taken = await take(query);
            clearTimeout(late);
            signal.removeEventListener("abort", stop);
            // The page first: the process ends soon.
            setImmediate(() => {
              resolve(taken);
            });
            return "done";
          } catch (error) {
            if (isFailure(error, "OIDC_OTHER_SIGN_IN")) return "unknown";
            clearTimeout(late);
            signal.removeEventListener("abort", stop);
            setImmediate(() => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
            return "failed";
          }
        };
      }),
    [Symbol.asyncDispose]: dispose,
  };
}
