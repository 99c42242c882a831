/**
 * How node-vault sends its requests. Its own transport follows redirects with the token, has no time-out, and puts the
 * token into the errors it throws; this one does none of that.
 */
import { setTimeout } from "node:timers/promises";
import { fail, isFailure } from "../errors/catalogue.js";
import type { TlsSettings, VaultSettings } from "../settings/vault.js";
import { curlOfHealth } from "./curl.js";
import { AnswerTooLong, exchange, plainReason, type Answer } from "./exchange.js";
import { systemCas } from "./system-cas.js";
import { certificateProblem, readTlsFiles, type TlsFiles } from "./tls.js";

/** What node-vault hands over; see its `request-promise` option. */
interface VaultRequest {
  readonly uri: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** What node-vault expects back. */
interface VaultResponse {
  readonly statusCode: number;
  readonly body: unknown;
  readonly request: { readonly path: string };
}

/** How long a rate limit is waited for at most, in milliseconds; its window is a second, usually. */
const patience = 15_000;

/**
 * A transport for node-vault's `request-promise` option.
 * Time-out 10 s, answers of at most 4 MiB, no redirects. A request that a rate limit refused was not carried out: it is made
 * again, for 15 s. The files of `tls` are read at the first request.
 * Its promises reject with VAULT_UNREACHABLE, VAULT_TLS_FAILED, VAULT_REDIRECTED, VAULT_ANSWER_UNEXPECTED (it is too long) or
 * SETTING_INVALID only.
 */
export function transportFor({ tls, addressSource = "the settings" }: Pick<VaultSettings, "tls" | "addressSource">) {
  let files: Promise<TlsFiles> | undefined;
  const from = { source: addressSource, named: tls };
  const send = async (options: VaultRequest) => {
    const known = await (files ??= readTlsFiles(tls));
    try {
      return await sendWith(options, known, from);
    } catch (error) {
      // The server was sent nothing yet. To read the system's CAs takes as long as a request: most do not need them.
      if (known.ca !== undefined || !isFailure(error, "VAULT_TLS_FAILED") || error.fields["untrusted"] !== true) throw error;
      const ca = await systemCas();
      if (ca === undefined) throw error;
      const answer = await sendWith(options, { ...known, ca }, from);
      files = Promise.resolve({ ...known, ca });
      return answer;
    }
  };
  return { defaults: () => send };
}

interface From {
  /** Where the address is from. */
  readonly source: string;
  /** The files that the settings name. */
  readonly named: TlsSettings;
}

async function sendWith(options: VaultRequest, tls: TlsFiles, { source, named }: From): Promise<VaultResponse> {
  const url = new URL(options.uri);
  const address = url.origin;
  const body = options.json !== null && typeof options.json === "object" ? JSON.stringify(options.json) : undefined;
  const once = () =>
    exchange(url, options, body, tls).catch((error: unknown) => {
      if (error instanceof AnswerTooLong)
        throw fail("VAULT_ANSWER_UNEXPECTED", { path: url.pathname.replace(/^\/v1\//, ""), what: "it is longer than 4 MiB" });
      const problem = certificateProblem(error, { host: `${url.hostname}:${url.port === "" ? "443" : url.port}`, source });
      if (problem !== undefined) throw fail("VAULT_TLS_FAILED", { address, ...problem });
      throw fail("VAULT_UNREACHABLE", { address, reason: plainReason(error), source, command: curlOfHealth(address, named) });
    });
  const end = Date.now() + patience;
  let answer = await once();
  while (isLimited(answer) && Date.now() < end) {
    await setTimeout(500 + Math.random() * 500); // not all at once, a second later
    answer = await once();
  }
  if (answer.status >= 300 && answer.status < 400) {
    throw fail("VAULT_REDIRECTED", { address, location: answer.location ?? "nowhere", source });
  }
  return { statusCode: answer.status, body: parsed(answer.text), request: { path: url.pathname } };
}

/** Of both servers. A standby says 429 too, and its health is no refusal. */
const isLimited = ({ status, text }: Answer) => status === 429 && text.includes("rate limit quota exceeded");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // the public keys of the CAs come as plain text
  }
}
