/** The directory's certificate is verified, whatever the environment says: the keys that it tells are believed. */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { certify, makeCa } from "../support/certificates.js";
import { run } from "../support/project.js";

let folder = "";
let server: Server | undefined;
const at = (name: string) => join(folder, name);
const list = { hosts: [], total: 0, page: 1, pages: 0, complete: true, asOf: "2026-01-31T12:00:00Z", age: 1, stale: false };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-directory-tls-"));
  await makeCa(folder);
  await certify(folder, "right", "DNS:localhost");
  await certify(folder, "other-name", "DNS:other.example.org");
  await certify(folder, "expired", "DNS:localhost", -1);
  await mkdir(at("foreign"));
  await makeCa(at("foreign"));
  await certify(at("foreign"), "right", "DNS:localhost");
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Node reads the variable from the environment that its process really has, not from jest's. */
const client = `
import { openDirectory } from ${JSON.stringify(new URL("../../src/directory/client.ts", import.meta.url).href)};
const [address, caCert] = process.argv.slice(1);
await openDirectory({ address, tls: { caCert } }, () => Promise.resolve("proof")).hosts({}).then(
  ({ total }) => console.log(total + " hosts"),
  (error) => console.log(String(error)),
);
`;

/** A directory that shows a certificate, asked by somebody who trusts a CA. */
async function asked(certificate: string, ca: string, env: Record<string, string>) {
  let requests = 0;
  const [cert, key] = await Promise.all([readFile(at(`${certificate}.pem`)), readFile(at(`${certificate}-key.pem`))]);
  server = createServer({ cert, key }, (_request, response) => {
    requests += 1;
    response.end(JSON.stringify(list));
  });
  await new Promise<void>((resolve) => server?.listen(0, "localhost", resolve));
  const address = `https://localhost:${String((server.address() as AddressInfo).port)}`;
  const { all } = await run(process.execPath, ["--import", "tsx/esm", "--input-type=module", "-e", client, address, at(ca)], {
    env,
  });
  return { found: all, requests };
}

describe.each(["", "0"])("NODE_TLS_REJECT_UNAUTHORIZED=%s", (value) => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: value, NODE_NO_WARNINGS: "1" };
  test.each([
    ["of a CA that is not trusted", "foreign/right", "ca.pem", /CA|issuer|signed/i],
    ["for another name", "other-name", "ca.pem", /name|localhost/i],
    ["that has expired", "expired", "ca.pem", /expired/i],
  ])("a certificate %s is refused, and nobody is told who asks", async (_what, certificate, ca, reason) => {
    const { found, requests } = await asked(certificate, ca, env);
    expect(found).toMatch(reason);
    expect({ found, requests }).toEqual({ found: expect.not.stringContaining("hosts"), requests: 0 });
  });

  test("one that is right is taken", async () => {
    expect(await asked("right", "ca.pem", env)).toEqual({ found: "0 hosts", requests: 1 });
  });
});
