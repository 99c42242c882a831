/** What an operator's API makes of answers that are not as they have to be. The real servers: test/fleet. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openVaultApi, type VaultApi } from "../../../src/vault/api.js";
import { readStoredFleet } from "../../../src/vault/stored-fleet.js";

let server: Server;
let api: VaultApi;
let answer: { readonly status: number; readonly body: unknown };
let asked: IncomingHttpHeaders;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = request.headers;
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  api = openVaultApi({ address, token: "t", tokenSource: "VAULT_TOKEN", namespace: "team", tls: {} });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const info = {
  token: "hvs.x",
  ttl: 60,
  creation_time: "2026-01-31T12:00:00.123456789Z",
  creation_path: "auth/a/role/b/secret-id",
};
const path = info.creation_path;

describe("a wrapped answer", () => {
  test.each<[what: string, body: unknown, problem: string]>([
    ["in the clear", { data: { secret_id: "secret" }, wrap_info: null }, "wrap_info"],
    [
      "for another path",
      { wrap_info: { ...info, creation_path: "sys/health\u001b" } },
      'wrapped the answer for "sys/health\\033"',
    ],
    ["for a path that ends alike", { wrap_info: { ...info, creation_path: `x${path}` } }, "wrapped the answer for"],
    ["a token with a line break", { wrap_info: { ...info, token: "a\nb" } }, "wrap_info.token"],
    ["no time", { wrap_info: { ...info, creation_time: "soon" } }, "wrap_info.creation_time"],
    ["nothing", "", "expected object"],
  ])("%s is refused, and shown to nobody", async (_what, body, problem) => {
    answer = { status: 200, body };
    const error = await api.wrap(path, {}, 60).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "VAULT_ANSWER_UNEXPECTED", message: expect.stringContaining(problem) });
    expect(JSON.stringify(error)).not.toContain('"secret"');
  });

  test.each([path, `team/${path}`])("for %s", async (of) => {
    answer = { status: 200, body: { wrap_info: { ...info, creation_path: of } } };
    const until = new Date("2026-01-31T12:01:00.123Z");
    expect(await api.wrap(path, {}, 60)).toEqual({ token: "hvs.x", path: of, until });
    expect(asked).toMatchObject({ "x-vault-wrap-ttl": "60s", "x-vault-token": "t", "x-vault-namespace": "team" });
  });
});

test("the server's clock is asked for outside of any namespace, without a token", async () => {
  answer = { status: 473, body: { server_time_utc: 1_769_860_800 } };
  expect(await api.now()).toEqual(new Date(1_769_860_800_000));
  expect([asked["x-vault-namespace"], asked["x-vault-token"]]).toEqual([undefined, undefined]);
});

test.each<[answer: typeof answer, code: string]>([
  [{ status: 404, body: { errors: [] } }, "FLEET_NOT_APPLIED"],
  [{ status: 200, body: { data: { data: { schema: 2 } } } }, "FLEET_STORE_UNKNOWN"],
  [{ status: 200, body: { data: { data: null } } }, "FLEET_STORE_UNKNOWN"],
  [{ status: 403, body: { errors: ["permission denied"] } }, "VAULT_PERMISSION_DENIED"],
])("a fleet that is not there: %j", async (given, code) => {
  answer = given;
  await expect(readStoredFleet(api)).rejects.toMatchObject({ code });
});
