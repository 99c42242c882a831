/** Waits on a port of this machine, and of no other, for a browser that comes back from an identity provider. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fail, isFailure, reasonOf } from "../../errors/catalogue.js";
import { systemCode } from "../../ground/system-error.js";
import { callback } from "./browser.js";

export interface Taking<T> {
  readonly take: (query: URLSearchParams) => Promise<T>;
  /** What the browser shows then. */
  readonly pageFor: (taken: T) => Page;
}

export interface Listening extends AsyncDisposable {
  /**
   * What `take` makes of the first query that it does not refuse as somebody else's.
   * @throws what `take` throws, OIDC_NOBODY_CAME, the signal's reason
   */
  first<T>(taking: Taking<T>, seconds: number, signal: AbortSignal): Promise<T>;
}

/** Nothing of the request is in it. */
const page = (text: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>ssh-trust</title><body style="font: 1.2rem sans-serif; margin: 4rem"><p>${text}</p></body></html>`;
const pages = {
  done: page("You are signed in. Close this window, and go back to the terminal."),
  more: page("Go back to the terminal, which asks for one more thing. You can close this window."),
  failed: page("The sign-in failed. The terminal says why."),
  unknown: page("This is not the sign-in that the terminal waits for."),
} as const;
/** Milliseconds for the last pages to reach the browser, once the sign-in is over. */
const patience = 1000;
export type Page = keyof typeof pages;

/** By both of localhost's addresses, where the machine has both. @throws OIDC_PORT_TAKEN */
export async function listenForBrowser(): Promise<Listening> {
  let handle: ((query: URLSearchParams) => Promise<Page>) | undefined;
  const servers: Server[] = [];
  const dispose = async () => {
    // Who is being answered gets the page; nobody else is waited for.
    const late = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, patience);
    const closed = servers.map((server) => once(server.close(), "close"));
    await Promise.all(closed);
    clearTimeout(late);
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
          response.writeHead(which === "done" || which === "more" ? 200 : 400, {
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
    first: ({ take, pageFor }, seconds, signal) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          over(() => {
            reject(fail("OIDC_NOBODY_CAME", { minutes: String(Math.round(seconds / 60)) }));
          });
        }, seconds * 1000);
        const stop = () => {
          over(() => {
            reject(new Error("interrupted", { cause: signal.reason }));
          });
        };
        const over = (then: () => void) => {
          clearTimeout(late);
          signal.removeEventListener("abort", stop);
          setImmediate(then); // the page first: the process ends soon
        };
        signal.addEventListener("abort", stop, { once: true });
        const pageOf = async (query: URLSearchParams): Promise<Page> => {
          try {
            const taken = await take(query);
            over(() => {
              resolve(taken);
            });
            return pageFor(taken);
          } catch (error) {
            if (isFailure(error, "OIDC_OTHER_SIGN_IN")) return "unknown";
            over(() => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
            return "failed";
          }
        };
        // Some browsers ask twice for the same page; what they bring can be used once.
        const before = new Map<string, Promise<Page>>();
        handle = (query) => {
          const text = query.toString();
          const page = before.get(text) ?? pageOf(query);
          if (before.size < 100) before.set(text, page);
          return page;
        };
      }),
    [Symbol.asyncDispose]: dispose,
  };
}
