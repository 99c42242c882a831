/** The directory's routes, over what stands for its watch: what has Vault asked, what cannot be read, what is old. */
import { describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { setSignedCookie } from "hono/cookie";
import { createApp } from "../../../../src/directory/http/app.js";
import type { Directory } from "../../../../src/directory/http/directory.js";
import { limitProofs } from "../../../../src/directory/http/limit.js";
import { openMetrics } from "../../../../src/directory/http/metrics.js";
import { openSessions } from "../../../../src/directory/http/sessions.js";
import { keepHistories } from "../../../../src/directory/views/history.js";
import { rowsOf } from "../../../../src/directory/views/rows.js";
import type { OpenedHost, Watch } from "../../../../src/directory/watch/watch.js";
import { fail } from "../../../../src/errors/catalogue.js";
import type { EntryVersion } from "../../../../src/host/history.js";
import { readEntry } from "../../../../src/host/inventory.js";
import type { VaultApi } from "../../../../src/vault/api.js";
import { ed25519 } from "../../../support/keys.js";

const ca = ed25519(7).publicKey;
const name = "web-1.example.org";
const at = Date.parse("2026-01-31T12:00:00Z");
const key = "k".repeat(48);
const away = { kind: "away" as const, since: at, error: fail("DIRECTORY_VAULT_SILENT", undefined) };

const version = (number: number, seed: number): EntryVersion => ({
  version: number,
  at: new Date(at),
  entry: readEntry({
    ...{ schema: 1, host: name, group: "web", written: at / 1000, addresses: [], keys: [ed25519(seed).publicKey] },
    ...{ certificates: [], openssh: "OpenSSH_9.2p1", script: "1", machine: "m".repeat(16), boot: "b".repeat(16) },
    ...{ userCas: [], next: at / 1000, problem: "", since: 0, conflict: false },
  }),
});

interface Scene {
  readonly stale?: boolean;
  readonly complete?: boolean;
  /** As the fleet file has it. */
  readonly address?: string;
  readonly signIn?: number;
  /** The newest version of the host's entry. */
  readonly said?: EntryVersion;
}

function open(initial: Scene = {}) {
  let scene = initial;
  const asked: string[] = [];
  const faults: unknown[] = [];
  const group = { name: "web", accounts: ["deploy"], domains: ["example.org"], names: ["web-*"] };
  const stored = () =>
    ({
      fleet: {
        ...{ hosts: [], signIn: [{ method: "oidc", path: "oidc", ours: true, issuer: "https://login.example.org" }] },
        ...{ limits: { signIn: scene.signIn ?? 20, sign: 100, store: 100 }, mounts: { hostCa: "host-ssh", userCa: "user-ssh" } },
        directory: { address: "http://127.0.0.1", openTo: ["127.0.0.0/8"] },
      },
      cas: { host: [ca], user: [ca] },
    }) as unknown as OpenedHost["stored"];
  const kept = stored();
  const fleet = () => (scene.signIn === undefined ? kept : stored());
  const host = () =>
    ({ name, group, said: scene.said, keptOut: false, forget: 3600, identity: undefined }) as unknown as OpenedHost["host"];
  const watch: Watch = {
    fleet,
    overview: () => ({ stored: fleet(), hosts: new Map(), readAt: at, complete: scene.complete ?? true }),
    open: (asking) =>
      Promise.resolve(
        asking === name ? { host: host(), readAt: scene.stale === true ? at : Date.now(), stored: fleet() } : undefined,
      ),
    trouble: () => (scene.stale === true ? away : undefined),
    stored: fleet,
    now: () => new Date(at),
    fresh: 5000,
  };
  const vault = {
    read: (path: string) => {
      asked.push(path);
      if (scene.stale === true) return Promise.reject(fail("VAULT_SEALED", { address: "vault" }));
      if (path.includes("metadata")) {
        const versions = { "1": { deletion_time: "", destroyed: false }, "2": { deletion_time: "", destroyed: false } };
        return Promise.resolve({ data: { versions } });
      }
      return Promise.resolve({ data: { data: {}, metadata: { created_time: new Date(at) } } });
    },
  } as unknown as VaultApi;
  const rows = rowsOf(watch);
  const directory: Directory = {
    ...{
      address: initial.address ?? "http://127.0.0.1",
      vault: { address: "http://127.0.0.1:1" } as Directory["vault"],
      watch,
      rows,
    },
    histories: keepHistories(() => vault),
    readers: {
      byIdentity: (token) => {
        asked.push(`identity ${token}`);
        return Promise.reject(fail("DIRECTORY_TOKEN_REFUSED", { reason: "it is none" }));
      },
      byVaultToken: async (token, count) => {
        await count();
        asked.push(`token ${token}`);
        throw fail("DIRECTORY_TOKEN_REFUSED", { reason: "it is none" });
      },
    },
    countLookup: limitProofs({ watch }),
    sessions: openSessions(key, false),
    metrics: openMetrics(rows, () => false),
    isDraining: () => false,
    fault: (error) => faults.push(error),
  };
  const app = createApp(directory, { proxies: [], rate: 1000 });
  const from = async (address: string, path: string, init: RequestInit & { readonly duplex?: "half" } = {}) =>
    app.request(
      `http://127.0.0.1${path}`,
      { ...init, headers: { host: "127.0.0.1", ...(init.headers as object) } },
      {
        incoming: { socket: { remoteAddress: address, remotePort: 1, remoteFamily: "IPv4" } },
      },
    );
  return {
    from,
    ask: (path: string, init?: Parameters<typeof from>[2]) => from("127.0.0.1", path, init),
    asked,
    faults,
    set: (next: Scene) => {
      scene = next;
    },
  };
}
const codeOf = async (answer: Response) => ((await answer.json()) as { type: string }).type.replace("urn:ssh-trust:", "");

describe("while Vault is away", () => {
  test.each([
    "/api/v1/ca/host.pub",
    "/api/v1/ca/user.pub",
    "/api/v1/known_hosts",
    `/api/v1/hosts/${name}/known_hosts`,
    "/api/v1/hosts",
  ])("%s says how old it is, and that it is stale", async (path) => {
    const directory = open({ said: version(1, 1) });
    const fresh = await directory.ask(path);
    expect({ status: fresh.status, stale: fresh.headers.get("ssh-trust-stale") }).toEqual({ status: 200, stale: null });
    expect(await fresh.text()).not.toContain("stale: as of");
    directory.set({ stale: true, said: version(1, 1) });
    const stale = await directory.ask(path);
    expect(stale.headers.get("ssh-trust-stale")).toBe("true");
    expect(Number(stale.headers.get("age"))).toBeGreaterThan(0);
    const text = await stale.text();
    if (path.endsWith("known_hosts")) expect(text).toMatch(/^# stale: as of 2026-01-31T12:00:00.000Z, [^\n]+\n/);
    else expect(text).not.toContain("#");
  });

  test("/trust says it", async () => {
    expect(await (await open().ask("/trust")).text()).not.toContain("Vault does not answer");
    expect(await (await open({ stale: true }).ask("/trust")).text()).toContain("Vault does not answer.");
  });

  test("the history that was read stays; one that was not read is not known, which is not none", async () => {
    const path = `/api/v1/hosts/${name}`;
    const history = async (answer: Response | Promise<Response>) =>
      ((await (await answer).json()) as { history: unknown }).history;
    const directory = open({ said: version(2, 1) });
    const before = await history(directory.ask(path));
    expect(before).toMatchObject([{ version: 2 }, { version: 1 }]);
    directory.set({ stale: true, said: version(2, 1) });
    expect(await history(directory.ask(path))).toEqual(before);
    // It was read by a list, and Vault was away before anybody opened it.
    directory.set({ stale: true, said: version(3, 1) });
    expect(await history(directory.ask(path))).toBeNull();
    const page = await (await directory.ask(`/hosts/${name}`)).text();
    expect(page).toContain("Not known while Vault does not answer.");
    expect(page).not.toContain("Vault has no earlier versions");
    directory.set({ stale: true, said: version(2, 1) });
    expect(await history(directory.ask(path))).toEqual(before);
    expect(await history(open({ stale: true, said: version(1, 1) }).ask(path))).toMatchObject([{ version: 1 }]);
  });
});

test("until each host has been read, there is no known_hosts of all of them", async () => {
  const answer = await open({ complete: false }).ask("/api/v1/known_hosts");
  expect({ status: answer.status, code: await codeOf(answer) }).toEqual({ status: 503, code: "DIRECTORY_STARTING" });
  const silent = await open({ complete: false, stale: true }).ask("/api/v1/known_hosts");
  expect({ status: silent.status, code: await codeOf(silent) }).toEqual({ status: 503, code: "DIRECTORY_VAULT_SILENT" });
  expect((await open({ complete: false }).ask("/api/v1/ca/host.pub")).status).toBe(200);
});

describe("forms that cannot be read", () => {
  const cut = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from("log=x"));
        controller.error(new Error("aborted"));
      },
    });
  const form = "application/x-www-form-urlencoded";
  test.each([
    ["multipart without parts", "multipart/form-data; boundary=x", "y", 400, "DIRECTORY_FORM"],
    [
      "multipart",
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="log"\r\n\r\ny\r\n--x--',
      400,
      "DIRECTORY_FORM",
    ],
    ["multipart without a boundary", "multipart/form-data", "y", 400, "DIRECTORY_FORM"],
    ["JSON", "application/json", '{"log":"y"}', 400, "DIRECTORY_FORM"],
    ["no type", undefined, Buffer.from("log=y"), 400, "DIRECTORY_FORM"],
    ["a body that is cut off", form, cut(), 400, "DIRECTORY_FORM"],
    ["too much", form, `log=${"x".repeat(900_000)}`, 413, "DIRECTORY_TOO_LARGE"],
  ] as const)("%s", async (_, type, body, status, code) => {
    const directory = open({ said: version(1, 1) });
    const headers = { origin: "http://127.0.0.1", ...(type === undefined ? {} : { "content-type": type }) };
    const answer = await directory.ask(`/hosts/${name}/console`, { method: "POST", headers, body, duplex: "half" });
    expect({ status: answer.status, code: await codeOf(answer), faults: directory.faults }).toEqual({ status, code, faults: [] });
  });

  test.each([form, `${form}; charset=UTF-8`, form.toUpperCase()])("%s is read", async (type) => {
    const headers = { origin: "http://127.0.0.1", "content-type": type };
    const answer = await open({ said: version(1, 1) }).ask(`/hosts/${name}/console`, {
      method: "POST",
      headers,
      body: "log=x%0Ay",
    });
    expect(answer.status).toBe(200);
  });
});

test.each([
  ["no JSON", "garbage"],
  ["another shape", JSON.stringify({ person: "alice" })],
  ["another type", JSON.stringify({ name: 7, until: "x" })],
  ["nothing", ""],
  ["over", JSON.stringify({ name: "alice", until: 1 })],
])("a signed session is nobody's where it holds: %s", async (_, text) => {
  const maker = new Hono().get("/", async (c) => {
    for (const cookie of ["ssh-trust-session", "ssh-trust-sign-in"])
      await setSignedCookie(c, cookie, Buffer.from(text).toString("base64url"), `${cookie}:${key}`);
    return c.text("");
  });
  const cookie = (await maker.request("/")).headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const directory = open();
  expect((await directory.from("192.0.2.1", "/api/v1/hosts", { headers: { cookie } })).status).toBe(401);
  expect((await directory.from("192.0.2.1", "/trust", { headers: { cookie } })).status).toBe(200);
  expect((await directory.from("192.0.2.1", "/sign-in/callback?state=x", { headers: { cookie } })).status).toBe(403);
  expect(directory.faults).toEqual([]);
});

describe("what anybody can have Vault asked", () => {
  test.each(["/trust", "/api/v1/ca/host.pub", "/api/v1/openapi.json", "/sign-in", "/healthz", "/no-such-page"])(
    "a token is not looked at on %s",
    async (path) => {
      const directory = open();
      for (const headers of [{ "x-vault-token": "s.x" }, { authorization: "Bearer a.b.c" }])
        expect((await directory.ask(path, { headers })).status).toBe(path === "/no-such-page" ? 404 : 200);
      expect(directory.asked).toEqual([]);
    },
  );

  const many = async (count: number, ask: (index: number) => Promise<Response>) => {
    const answers = [];
    for (let index = 0; index < count; index++) answers.push(await ask(index));
    return answers;
  };

  test("tokens of one address: 30 a minute, and others go on", async () => {
    const directory = open({ signIn: 4000 });
    const look = (address: string) => (index: number) =>
      directory.from(address, "/api/v1/hosts", { headers: { "x-vault-token": `s.${String(index)}` } });
    const answers = await many(40, look("192.0.2.1"));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(30).fill(403), ...Array<number>(10).fill(429)]);
    expect(Number(answers[39]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(directory.asked).toHaveLength(30);
    expect((await look("192.0.2.2")(1)).status).toBe(403);
  });

  test("tokens of all addresses: a quarter of what the fleet allows a second", async () => {
    const directory = open();
    const answers = await many(12, (index) =>
      directory.from(`192.0.2.${String(index)}`, "/api/v1/hosts", { headers: { "x-vault-token": "s.x" } }),
    );
    expect(directory.asked.length).toBeLessThanOrEqual(10); // two seconds' worth, where one ends meanwhile
    const last = answers[11] as Response;
    expect({ status: last.status, code: await codeOf(last) }).toEqual({ status: 429, code: "DIRECTORY_SIGN_INS" });
    expect(last.headers.get("retry-after")).toBe("1");
  });

  test("sign-ins that begin: of one address, and of all", async () => {
    const one = open({ signIn: 4000 });
    const start = (directory: ReturnType<typeof open>, address: string) => directory.from(address, "/sign-in/start");
    const mine = await many(31, () => start(one, "192.0.2.1"));
    expect(mine.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await start(one, "192.0.2.2")).status).not.toBe(429);
    const crowded = open();
    const all = await many(12, (index) => start(crowded, `192.0.2.${String(index)}`));
    expect(all.at(-1)?.status).toBe(429);
  });
});

describe("a form of a browser that sends no Sec-Fetch-Site", () => {
  const post = (headers: Readonly<Record<string, string>>) =>
    open({ said: version(1, 1) }).ask(`/hosts/${name}/console`, {
      method: "POST",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded", ...headers },
      body: "log=login%3A",
    });
  test.each([
    ["of our own page", { origin: "http://127.0.0.1" }, 200],
    ["of a page of another name", { origin: "https://eve.example.net" }, 403],
    ["of a page that does not say", { origin: "null" }, 403],
    ["without an origin", {}, 403],
    ["of a page elsewhere, as a browser of now says it", { origin: "http://127.0.0.1:81", "sec-fetch-site": "cross-site" }, 403],
    ["of our own page, as a browser of now says it", { origin: "null", "sec-fetch-site": "same-origin" }, 200],
  ])("%s", async (_, headers, status) => {
    expect((await post(headers)).status).toBe(status);
  });

  test("our pages do not keep it from saying its origin", async () => {
    const page = await open({ said: version(1, 1) }).ask(`/hosts/${name}`, { headers: { accept: "text/html" } });
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
    expect(await page.text()).not.toContain('name="referrer"');
  });

  test("behind a proxy that ends TLS, its origin is that of the fleet file", async () => {
    const app = open({ said: version(1, 1), address: "https://directory.example.org" });
    const send = (origin: string) =>
      app.ask(`/hosts/${name}/console`, {
        method: "POST",
        headers: { host: "directory.example.org", origin, "content-type": "application/x-www-form-urlencoded" },
        body: "log=login%3A",
      });
    expect((await send("https://directory.example.org")).status).toBe(200);
    expect((await send("https://eve.example.org")).status).toBe(403);
  });
});
