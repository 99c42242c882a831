/** TLS to Vault: what the connection is made with, and what can be wrong with it. */
import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, reasonOf } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import { readNamedFile } from "../settings/reader.js";
import type { TlsSettings } from "../settings/vault.js";

/** For node:https. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** Reads the files that the settings name. @throws SETTING_INVALID */
export async function readTlsFiles({ caCert, caPath, caText, client, serverName }: TlsSettings): Promise<TlsFiles> {
  return {
    ...(caText === undefined ? {} : { ca: caText }),
    ...(caPath === undefined ? {} : { ca: await readFolder("VAULT_CAPATH", caPath) }),
    ...(caCert === undefined ? {} : { ca: await readCertificates("VAULT_CACERT", caCert) }),
    ...(client === undefined
      ? {}
      : {
          cert: await readCertificates("VAULT_CLIENT_CERT", client.cert),
          key: await readNamedFile("VAULT_CLIENT_KEY", client.key),
        }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

/** node:https takes a file without any certificate for an empty list of CAs, and says nothing. */
async function readCertificates(name: string, path: string): Promise<string> {
  const text = await readNamedFile(name, path);
  try {
    new X509Certificate(text);
    return text;
  } catch (error) {
    throw fail("SETTING_INVALID", { name, value: path, problem: "it holds no certificate in PEM form" }, error);
  }
}

/** Every certificate in the files of a folder; what is none is passed over, as the vault command does. */
async function readFolder(name: string, path: string): Promise<string> {
  const refuse = (problem: string, cause?: unknown) => fail("SETTING_INVALID", { name, value: path, problem }, cause);
  const names = await readdir(path).catch((error: unknown) => {
    throw refuse(reasonOf(error), error);
  });
  const texts = await Promise.all(names.map((each) => readFile(join(path, each), "utf8").catch(() => "")));
  const found = texts.filter((text) => text.includes("BEGIN CERTIFICATE")).join("\n");
  if (found === "") throw refuse("it holds no certificate in PEM form");
  return found;
}

interface Problem {
  readonly reason: string;
  readonly how: Advice;
  /** Another CA would do. */
  readonly untrusted?: true;
}

interface Server {
  /** With the port. */
  readonly host: string;
  /** Where its address is from. */
  readonly source: string;
}

const nameTheCa: Advice = { say: "name the CA that signed it", run: "export VAULT_CACERT=<file>" };
const untrusted: Problem = { reason: "its certificate is by a CA that is not trusted here", how: nameTheCa, untrusted: true };

/** By the code of Node's error: OpenSSL's names of what it found, in lower-level errors too. */
const problems: readonly (readonly [code: RegExp, problem: Problem | ((server: Server) => Problem)])[] = [
  [
    /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_SIGNATURE_FAILURE)$/,
    untrusted,
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      reason: "its certificate is for another name",
      how: {
        say: "use the name in its certificate as address, or say that it is the right one",
        run: "export VAULT_TLS_SERVER_NAME=<name>",
      },
    },
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      reason: "its certificate has expired",
      how: { say: "have the server's certificate renewed, unless the clock is wrong here", run: "date -u" },
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    { reason: "its certificate is not valid yet", how: { say: "see whether the clock is right", run: "date -u" } },
  ],
  [
    /^ERR_SSL_TLSV1[3]?_ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)$|^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN|UNKNOWN_CA)$/,
    {
      reason: "it wants a client certificate that it knows",
      how: { say: "name yours", run: "export VAULT_CLIENT_CERT=<file> VAULT_CLIENT_KEY=<file>" },
    },
  ],
  [
    /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
    ({ host, source }) => ({
      reason: "it does not speak TLS",
      how: {
        say: `the address is from ${source}: where this answers, write http:// there`,
        run: `curl -sS http://${host}/v1/sys/health`,
      },
    }),
  ],
  [
    /^(?:INVALID_|CERT_|CRL_|EE_|CA_|PATH_LENGTH|HOSTNAME_|UNABLE_TO_|ERR_TLS_CERT_)/,
    ({ host }) => ({
      reason: "its certificate is not accepted",
      how: { say: "look at it", run: `openssl s_client -showcerts -connect ${host}` },
    }),
  ],
  [
    /^ERR_OSSL_/,
    () => ({
      reason: "the files of VAULT_CLIENT_CERT and VAULT_CLIENT_KEY cannot be used together",
      how: { say: "look at them", run: "openssl x509 -noout -subject -pubkey -in $VAULT_CLIENT_CERT" },
    }),
  ],
  [
    /^ERR_SSL_|^EPROTO$/,
    ({ host, source }) => ({
      reason: "no connection could be agreed on",
      how: {
        say: `the address is from ${source}: see whether a Vault is at that port, and what it offers`,
        run: `openssl s_client -connect ${host}`,
      },
    }),
  ],
];

/** OpenSSL's numbers of what Node calls EPROTO, by the names that it has for them elsewhere. */
const opensslNames: Readonly<Record<string, string>> = {
  "0A0000C6": "ERR_SSL_PACKET_LENGTH_TOO_LONG", // what OpenSSL 3.2 and later say of HTTP, often
  "0A00010B": "ERR_SSL_WRONG_VERSION_NUMBER",
  "0A000410": "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "0A000412": "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
  "0A000418": "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
  "0A00045C": "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
};

/** What is wrong with the certificates; undefined where the connection failed for another reason. */
export function certificateProblem(error: unknown, server: Server): Problem | undefined {
  const { code: name = "", message } = error as NodeJS.ErrnoException;
  const [, number = ""] = name === "EPROTO" ? (/error:([0-9A-F]{8}):/.exec(message) ?? []) : [];
  const code = opensslNames[number] ?? name;
  const problem = problems.find(([pattern]) => pattern.test(code))?.[1];
  return typeof problem === "function" ? problem(server) : problem;
}
