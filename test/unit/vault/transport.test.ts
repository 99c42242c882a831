/** The transport against a small HTTP server: what it must not do with a token, and what it says when nobody answers. */
import { createServer as createTcpServer } from "node:net";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { VaultSettings } from "../../../src/settings/vault.js";
import { certificateProblem } from "../../../src/vault/tls.js";
import { connectVault } from "../../../src/vault/client.js";

const token = "s.secret-token";
const requests: { path: string; token: string | undefined }[] = [];
let limited = 0;
let server: Server;
let settings: VaultSettings;

const answers: Record<string, (response: ServerResponse) => void> = {
  "/v1/redirect/public_key": (response) => response.writeHead(307, { location: "/v1/elsewhere" }).end(),
  "/v1/large/public_key": (response) => response.end("ssh-".padEnd(5 * 1024 * 1024, "x")),
  "/v1/html/public_key": (response) => response.end("<html>a proxy's login page</html>"),
  "/v1/busy/public_key": (response) => response.writeHead(429).end('{"errors":["too many"]}'),
  "/v1/limited/public_key": (response) => {
    if (limited-- > 0) response.writeHead(429).end('{"errors":["request path \\"x\\": rate limit quota exceeded"]}');
    else response.end("ssh-ed25519 AAAA");
  },
  "/v1/sealed/public_key": (response) => response.writeHead(503).end('{"errors":["Vault is sealed"]}'),
  "/v1/provider/public_key": (response) => response.writeHead(400).end('{"errors":["error checking oidc discovery URL"]}'),
  "/v1/broken/public_key": (response) => response.destroy(),
  "/v1/none/public_key": (response) => response.writeHead(400).end('{"errors":["no default issuer currently configured"]}'),
  "/v1/old/public_key": (response) => response.writeHead(400).end(`{"errors":["keys haven't been configured yet"]}`),
  "/v1/gone/public_key": (response) => response.writeHead(403).end('{"errors":["permission denied"]}'),
};

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    requests.push({ path: request.url ?? "", token: request.headers["x-vault-token"] as string | undefined });
    const answer = answers[request.url ?? ""];
    if (answer === undefined) response.writeHead(404).end("{}");
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  settings = { address, token, tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each([
  ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["SSH", "SSH-2.0-OpenSSH_9.2p1\r\n"],
  ["mail", "220 mail.example.org ESMTP\r\n"],
])("a port that speaks %s, and not TLS: it is said, and nobody's client certificate is blamed", async (_what, greeting) => {
  const other = createTcpServer((socket) => socket.on("error", () => undefined).once("data", () => socket.end(greeting)));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${String((other.address() as AddressInfo).port)}`;
  const asked = connectVault({ ...settings, address: `https://${host}`, addressSource: "--vault" }).caPublicKey("m");
  await expect(asked).rejects.toMatchObject({
    code: "VAULT_TLS_FAILED",
    message: expect.stringMatching(/does not speak TLS$/),
    hint: [{ say: expect.stringMatching(/^the address is from --vault: /), run: `curl -sS http://${host}/v1/sys/health` }],
  });
  other.close();
});

test.each([
  ["what OpenSSL 3.2 says of HTTP", "EPROTO", "error:0A0000C6:SSL routines::packet length too long", /does not speak TLS/],
  ["the same by its name", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "", /does not speak TLS/],
  ["an alert", "EPROTO", "error:0A00042E:SSL routines::tlsv1 alert protocol version", /no connection could be agreed on/],
  ["files that do not belong together", "ERR_OSSL_X509_KEY_VALUES_MISMATCH", "", /VAULT_CLIENT_CERT/],
])("of TLS, %s", (_what, code, message, says) => {
  const problem = certificateProblem(Object.assign(new Error(message), { code }), { host: "v:1", source: "VAULT_ADDR" });
  expect(problem?.reason).toMatch(says);
  if (!code.startsWith("ERR_OSSL_")) expect(JSON.stringify(problem)).not.toContain("CLIENT_CERT");
});

test.each([
  ["a redirect is not followed", "redirect", "VAULT_REDIRECTED"],
  ["an endless answer is cut off", "large", "VAULT_ANSWER_UNEXPECTED"],
  ["a page that is no answer of Vault's", "html", "VAULT_ANSWER_UNEXPECTED"],
  ["a provider that Vault does not reach", "provider", "VAULT_PROVIDER_REFUSED"],
  ["too many requests", "busy", "VAULT_BUSY"],
  ["sealed", "sealed", "VAULT_SEALED"],
  ["the connection closed", "broken", "VAULT_UNREACHABLE"],
])("%s", async (_what, mount, code) => {
  const asked = connectVault(settings).caPublicKey(mount);
  await expect(asked).rejects.toMatchObject({ code });
  const error: unknown = await asked.catch((caught: unknown) => caught);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(token);
});

test.each(["none", "old", "gone"])("no key yet, as each server says it: %s", async (mount) => {
  await expect(connectVault(settings).caPublicKey(mount)).resolves.toBeUndefined();
});

test("a rate limit is waited for", async () => {
  limited = 2;
  await expect(connectVault(settings).caPublicKey("limited")).resolves.toBe("ssh-ed25519 AAAA");
  expect(limited).toBe(-1);
});

test("the token never went along where anyone may read, nor to another place", () => {
  expect(requests.map(({ path }) => path)).not.toContain("/v1/elsewhere");
  expect(requests.filter((request) => request.token !== undefined)).toEqual([]);
  expect(requests.length).toBeGreaterThan(5);
});

test("nobody there", async () => {
  const nobody = connectVault({ ...settings, address: "http://127.0.0.1:9" });
  await expect(nobody.checkReady()).rejects.toMatchObject({
    code: "VAULT_UNREACHABLE",
    message: expect.stringContaining("connection refused") as unknown as string,
  });
});

test("where the address is from is said to whom it does not answer", async () => {
  const nobody = connectVault({ ...settings, address: "http://127.0.0.1:9", addressSource: '"vault" in fleet.yaml' });
  const hint = [
    {
      say: 'the address is from "vault" in fleet.yaml: correct it there, or check that the server is running',
      run: "curl -sS http://127.0.0.1:9/v1/sys/health",
    },
  ];
  await expect(nobody.checkReady()).rejects.toMatchObject({ hint });
});

test("https where none is spoken: where the address is from, and what would show it", async () => {
  const { host } = new URL(settings.address);
  const asked = connectVault({ ...settings, address: `https://${host}`, addressSource: "--vault" }).checkReady();
  await expect(asked).rejects.toMatchObject({
    code: "VAULT_TLS_FAILED",
    hint: [
      {
        say: "the address is from --vault: where this answers, write http:// there",
        run: `curl -sS http://${host}/v1/sys/health`,
      },
    ],
  });
});
