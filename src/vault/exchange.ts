/** One request and its answer, bounded in time and size; redirects are not followed. */
import { request as http } from "node:http";
import { request as https } from "node:https";
import type { TlsFiles } from "./tls.js";

const timeout = 10_000;
const limit = 4 * 1024 * 1024;

export interface Asked {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  /** Of its Retry-After, in seconds; undefined: it has none. */
  readonly retryAfter: number | undefined;
  readonly text: string;
}

/** Something answered, and what it said is not read to the end. */
export class AnswerTooLong extends Error {
  constructor() {
    super("its answer is too long");
  }
}

/** Asks, for 10 s at most; an answer has 4 MiB at most. @throws AnswerTooLong, and Node's own errors; see `plainReason` */
export function exchange(url: URL, options: Asked, body: string | undefined, tls: TlsFiles) {
  return new Promise<Answer>((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http)(url, {
      method: options.method,
      headers: {
        ...options.headers,
        ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: who is on the way would get the token.
      ...(url.protocol === "https:" ? { ...tls, rejectUnauthorized: true } : {}),
    });
    const late = setTimeout(() => request.destroy(new DOMException("no answer", "TimeoutError")), timeout);
    request.on("close", () => {
      clearTimeout(late);
    });
    request.on("error", reject);
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      reject(new Error("it answers in another protocol"));
    });
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("error", reject);
      response.on("data", (part: Buffer) => {
        size += part.length;
        if (size > limit) response.destroy(new AnswerTooLong());
        else parts.push(part);
      });
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const { location, "retry-after": after = "" } = response.headers;
        const retryAfter = /^\d{1,6}$/.test(after) ? Number(after) : undefined;
        resolve({ status: response.statusCode ?? 0, location, retryAfter, text });
      });
    });
    request.end(body);
  });
}

/** The reason of a failed connection. Never the error itself: it may hold the request, and so the token. */
export function plainReason(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError" || name === "AbortError") return `no answer within ${String(timeout / 1000)} s`;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "its name does not resolve",
    EAI_AGAIN: "its name does not resolve",
    ECONNRESET: "it closed the connection",
    EHOSTUNREACH: "no route to it",
  };
  return reasons[code ?? ""] ?? code ?? message;
}
