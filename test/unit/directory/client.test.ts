/** What asks the directory: against a server of this process, which answers what it should not. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { openDirectory } from "../../../src/directory/client.js";
import { ed25519 } from "../../support/keys.js";

const name = "old-1.example.org";
const [own, other] = [ed25519(1), ed25519(2)];
const fresh = { asOf: "2026-01-31T12:00:00Z", age: 1, stale: false };
const summary = {
  ...{ name, group: null, state: { kind: "uncertified", text: "without certificates" } },
  ...{ certificate: null, keyTypes: ["ED25519"], seen: null },
};
const detail = {
  ...{ ...summary, accounts: [], connect: [], keys: [own], knownHosts: [], certificates: [], sshfp: [], history: [] },
  ...{ says: null, ...fresh },
};
const list = { hosts: [summary], total: 1, page: 1, pages: 1, complete: true, ...fresh };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function directory(answer: Answer, proof = "identity.token") {
  const asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers });
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return { asked, opened: openDirectory({ address, tls: {} }, () => Promise.resolve(proof)) };
}

const told = (status: number, code: string): Answer => ({
  status,
  body: { type: `urn:ssh-trust:${code}`, title: "a reason\u001b[2J", status },
});

describe("refused", () => {
  test.each<[what: string, answer: Answer, code: string, says: string]>([
    ["a page", { body: "<html>" }, "DIRECTORY_ANSWER_UNEXPECTED", "not the directory of this version"],
    ["nothing", {}, "DIRECTORY_ANSWER_UNEXPECTED", "not the directory"],
    ["another host", { body: { ...detail, name: "web-1.example.org" } }, "DIRECTORY_ANSWER_UNEXPECTED", "told of web-1"],
    [
      "a foreign key",
      { body: { ...detail, keys: [{ ...own, publicKey: other.publicKey }] } },
      "DIRECTORY_ANSWER_UNEXPECTED",
      "not that of its key",
    ],
    ["no key", { body: { ...detail, keys: [{ ...own, publicKey: "x" }] } }, "DIRECTORY_ANSWER_UNEXPECTED", "not that of its key"],
    [
      "several lines",
      { body: { ...detail, keys: [{ ...own, publicKey: `${own.publicKey}\n@cert-authority * x` }] } },
      "DIRECTORY_ANSWER_UNEXPECTED",
      "not that of its key",
    ],
    ["a state of its own", { body: { ...detail, state: { kind: "x", text: "" } } }, "DIRECTORY_ANSWER_UNEXPECTED", "state"],
    ["5 MiB", { body: "x".repeat(5 * 1024 * 1024) }, "DIRECTORY_UNREACHABLE", "its answer is too long"],
    [
      "a redirect",
      { status: 302, headers: { location: "https://evil.example" } },
      "DIRECTORY_ANSWER_UNEXPECTED",
      "nothing was sent there",
    ],
    ["an unknown host", told(404, "DIRECTORY_HOST_UNKNOWN"), "DIRECTORY_HOST_UNKNOWN", name],
    ["another 404", told(404, "OTHER"), "DIRECTORY_ANSWER_UNEXPECTED", "a reason"],
    ["a proof that is not taken", told(401, "DIRECTORY_SIGN_IN_NEEDED"), "DIRECTORY_REFUSED", "a reason\\033[2J"],
    ["another one", told(403, "DIRECTORY_TOKEN_REFUSED"), "DIRECTORY_REFUSED", "a reason"],
    ["too much", { ...told(429, "DIRECTORY_BUSY"), headers: { "retry-after": "7" } }, "DIRECTORY_BUSY", "wait 7 s"],
    ["a start", told(503, "DIRECTORY_STARTING"), "DIRECTORY_NOT_READY", "a reason"],
    ["a fault", told(500, "DIRECTORY_FAULT"), "DIRECTORY_ANSWER_UNEXPECTED", "a reason"],
  ])("%s", async (_what, answer, code, says) => {
    const { opened } = await directory(answer);
    await expect(opened.host(name)).rejects.toMatchObject({ code, message: expect.stringContaining(says) as unknown });
  });

  test("to be asked in clear over a network; to be asked by nobody", async () => {
    expect(() => openDirectory({ address: "http://directory.example.org", tls: {} }, () => Promise.resolve(""))).toThrow(
      "is not asked",
    );
    const { asked, opened } = await directory({ body: list });
    const failing = openDirectory({ address: `http://127.0.0.1:1`, tls: {} }, () => Promise.reject(new Error("no proof")));
    await expect(failing.hosts({})).rejects.toThrow("no proof");
    await opened.hosts({});
    expect(asked).toHaveLength(1);
  });
});

test("what is asked: the query, the proof, and no more", async () => {
  const { asked, opened } = await directory({ body: list });
  expect(await opened.hosts({ page: 2, size: 500, q: "a&b=", filter: "expiring", group: undefined })).toMatchObject({ total: 1 });
  expect(asked[0]?.path).toBe("/api/v1/hosts?page=2&size=500&q=a%26b%3D&filter=expiring");
  expect(asked[0]?.headers.authorization).toBe("Bearer identity.token");
  expect(asked[0]?.headers["x-vault-token"]).toBeUndefined();
});

test("a host", async () => {
  const { asked, opened } = await directory({ body: detail });
  expect((await opened.host(name)).keys).toEqual([own]);
  expect(asked[0]?.path).toBe(`/api/v1/hosts/${name}`);
});
