/**
 * Asks the directory. Its certificate is always verified, and its answers are checked: what it says is believed about the keys of hosts.
 * It never sees a token of Vault, but a proof of who asks, which opens nothing else.
 */
import { rootCertificates } from "node:tls";
import * as z from "zod";
import { fail, isFailure } from "../errors/catalogue.js";
import { directoryTokenPath } from "../fleet/vault-names.js";
import { isPrivateLine } from "../ground/loopback.js";
import { printable } from "../ground/printable.js";
import type { TlsSettings } from "../settings/vault.js";
import { parsePublicKey } from "../ssh/public-key.js";
import type { VaultApi } from "../vault/api.js";
import { exchange, plainReason, type Answer } from "../vault/exchange.js";
import { systemCas } from "../vault/system-cas.js";
import { certificateProblem, readTlsFiles } from "../vault/tls.js";
import { hostDetail, hostList, problem, type Filter, type HostDetail, type HostList, type SortKey } from "./contract.js";

export interface DirectoryAt {
  /** Without a slash at the end. */
  readonly address: string;
  /** Of Vault: the CAs that it names are trusted for the directory, beside the system's. */
  readonly tls: TlsSettings;
}

export interface HostQuery {
  /** From 1. */
  readonly page?: number | undefined;
  readonly size?: number | undefined;
  /** A part of its name. */
  readonly q?: string | undefined;
  readonly group?: string | undefined;
  readonly filter?: Filter | undefined;
  readonly sort?: SortKey | `-${SortKey}` | undefined;
}

export interface Directory {
  /** @throws DIRECTORY_… */
  hosts(query: HostQuery): Promise<HostList>;
  /** @param name its full name @throws DIRECTORY_HOST_UNKNOWN, DIRECTORY_… */
  host(name: string): Promise<HostDetail>;
}

const token = z.object({ data: z.object({ token: z.string().regex(/^[\w.-]+$/) }) });

/** What proves to the directory who asks: an identity token, which Vault signs. @throws DIRECTORY_PROOF_MISSING; what Vault refuses */
export async function proofFor(api: VaultApi): Promise<string> {
  const missing = (reason: string, cause?: unknown) => fail("DIRECTORY_PROOF_MISSING", { address: api.address, reason }, cause);
  const made = await api.read(directoryTokenPath, token).catch((error: unknown) => {
    if (isFailure(error, "VAULT_PERMISSION_DENIED")) throw missing("your policies do not allow it", error);
    // A role that is not there, and a token that stands for nobody, are both a 400.
    if (isFailure(error, "VAULT_ANSWER_UNEXPECTED")) throw missing(printable(String(error.fields["what"])), error);
    throw error;
  });
  if (made === undefined) throw missing("the fleet's directory is not set up there");
  return made.data.token;
}

/**
 * No request is made before the first question.
 * @param proof is asked once, for the first question; see `proofFor`
 * @throws DIRECTORY_IN_CLEAR
 */
export function openDirectory({ address, tls }: DirectoryAt, proof: () => Promise<string>): Directory {
  if (!isPrivateLine(address)) throw fail("DIRECTORY_IN_CLEAR", { address });
  let proven: Promise<string> | undefined;
  let trusted: Promise<readonly (string | undefined)[]> | undefined;

  async function ask(path: string): Promise<Answer> {
    const url = new URL(path, address);
    const headers = {
      accept: "application/json, application/problem+json",
      authorization: `Bearer ${await (proven ??= proof())}`,
    };
    const sets = await (trusted ??= trustedSets(tls));
    for (const [at, ca] of sets.entries()) {
      try {
        const answer = await exchange(url, { method: "GET", headers }, undefined, ca === undefined ? {} : { ca });
        trusted = Promise.resolve([ca]);
        return answer;
      } catch (error) {
        const found = certificateProblem(error, { host: hostOf(url), source: "the fleet file" });
        // It was sent nothing yet.
        if (found?.untrusted === true && at < sets.length - 1) continue;
        if (found === undefined) throw fail("DIRECTORY_UNREACHABLE", { address, reason: plainReason(error) });
        throw fail("DIRECTORY_TLS_FAILED", { address, reason: found.reason, how: howFor(found, url), ...untrustedOf(found) });
      }
    }
    throw fail("DIRECTORY_UNREACHABLE", { address, reason: "nothing is trusted" });
  }

  async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await ask(path);
    if (answer.status !== 200) throw refused(answer, address);
    const parsed = schema.safeParse(parse(answer.text));
    if (parsed.success) return parsed.data;
    const what = printable(z.prettifyError(parsed.error).replaceAll("\n", " "));
    throw fail("DIRECTORY_ANSWER_UNEXPECTED", { address, what: what.slice(0, 300) });
  }

  return {
    hosts(query) {
      const entries = Object.entries(query).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)] as [string, string]],
      );
      return read(`/api/v1/hosts?${new URLSearchParams(entries).toString()}`, hostList);
    },
    async host(name) {
      const path = `/api/v1/hosts/${encodeURIComponent(name)}`;
      const found = await read(path, hostDetail).catch((error: unknown) => {
        if (isFailure(error, "DIRECTORY_HOST_UNKNOWN")) throw fail("DIRECTORY_HOST_UNKNOWN", { name }, error);
        throw error;
      });
      const unexpected = (what: string) => fail("DIRECTORY_ANSWER_UNEXPECTED", { address, what });
      if (found.name !== name) throw unexpected(`it was asked for ${name}, and told of ${printable(found.name)}`);
      for (const { publicKey, sha256 } of found.keys) {
        if (fingerprintOf(publicKey) !== sha256) throw unexpected(`a fingerprint is not that of its key: ${printable(sha256)}`);
      }
      return found;
    },
  };
}

const hostOf = ({ hostname, port }: URL) => `${hostname}:${port === "" ? "443" : port}`;

/** What is trusted: each is tried where the one before does not know the certificate's CA. Node brings CAs of its own. */
async function trustedSets({ caCert, caPath, caText }: TlsSettings): Promise<readonly (string | undefined)[]> {
  const named = {
    ...(caCert === undefined ? {} : { caCert }),
    ...(caPath === undefined ? {} : { caPath }),
    ...(caText === undefined ? {} : { caText }),
  };
  const { ca } = await readTlsFiles(named);
  const system = (await systemCas()) ?? rootCertificates.join("\n");
  return ca === undefined ? [undefined, system] : [ca, system];
}

interface Found {
  readonly reason: string;
  readonly untrusted?: true;
}

const untrustedOf = ({ untrusted }: Found) => (untrusted === undefined ? {} : { untrusted });

/** The settings of Vault's own connection have no part in the directory's, but for the CAs. */
const howFor = ({ untrusted }: Found, url: URL) =>
  untrusted === true
    ? { say: "name the CA that signed it, with Vault's in the same file", run: "export VAULT_CACERT=<file>" }
    : { say: "look at what it shows", run: `openssl s_client -showcerts -connect ${hostOf(url)}` };

const fingerprintOf = (publicKey: string): string | undefined => {
  try {
    return parsePublicKey(publicKey).fingerprint;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined;
  }
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What it says of a refusal is a stranger's text as long as it is not known. */
function refused({ status, text, location, retryAfter }: Answer, address: string) {
  if (status >= 300 && status < 400) {
    const to = printable(location ?? "nowhere").slice(0, 200);
    return fail("DIRECTORY_ANSWER_UNEXPECTED", { address, what: `it sends requests on to ${to}; nothing was sent there` });
  }
  const told = problem.safeParse(parse(text));
  const code = told.success ? /^urn:ssh-trust:(\w+)$/.exec(told.data.type)?.[1] : undefined;
  const reason = told.success ? printable(told.data.title).slice(0, 300) : `HTTP ${String(status)}`;
  if (code === "DIRECTORY_HOST_UNKNOWN" && status === 404) return fail("DIRECTORY_HOST_UNKNOWN", { name: "" });
  if (status === 401 || status === 403) return fail("DIRECTORY_REFUSED", { address, reason });
  if (status === 429) return fail("DIRECTORY_BUSY", { seconds: String(retryAfter ?? 1) });
  if (status === 503) return fail("DIRECTORY_NOT_READY", { address, reason });
  return fail("DIRECTORY_ANSWER_UNEXPECTED", { address, what: reason });
}
