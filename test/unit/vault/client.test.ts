/** What the client makes of a server's answers. The real servers: test/e2e. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { userRole } from "../../../lab/roles.js";
import { connectVault } from "../../../src/vault/client.js";
import type { VaultClient } from "../../../src/vault/vault-client.js";

let server: Server;
let vault: VaultClient;
let answer: { readonly status: number; readonly body: unknown };

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body } = request.url === "/v1/auth/token/lookup-self" ? { status: 200, body: {} } : answer;
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  vault = connectVault({ address, token: "t", tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("the server's name", () => {
  test.each([
    ["OpenBao", { version: "2.7.2" }],
    ["OpenBao", { version: "2.0.0-beta20240618", performance_standby: false }],
    ["Vault", { version: "1.21.0", enterprise: false }],
    ["Vault", { version: "1.12.3" }],
    ["Vault", { version: "2.0.0+ent", enterprise: true }],
  ])("%s: %j", async (name, more) => {
    answer = { status: 200, body: { initialized: true, sealed: false, cluster_id: "c-1", ...more } };
    await expect(vault.checkReady()).resolves.toEqual({ name, version: more.version, cluster: "c-1" });
  });
});

describe("a role's longest life, as --ttl takes it", () => {
  test.each([
    ["3600", "1h"],
    ["172800", "48h"],
    ["5430", "1h30m30s"],
    ["60", "1m"],
  ])("%s is %s", async (seconds, spoken) => {
    answer = { status: 400, body: { errors: [`ttl is larger than maximum allowed ${seconds}`] } };
    await expect(vault.sign(userRole, { publicKey: "ssh-ed25519 AAAA", principals: userRole.principals })).rejects.toMatchObject({
      code: "VAULT_SIGN_DENIED",
      message: `Vault refused to sign (mount "user-ssh", role "user-ssh"): ttl is larger than maximum allowed ${spoken}`,
    });
  });
});
