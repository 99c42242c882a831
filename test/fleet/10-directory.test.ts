/** `ssh-trust directory serve` on both servers: who may read what, what hostile hosts can do, and what happens when things fail. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { connect } from "node:tls";
import { readFile } from "node:fs/promises";
import {
  asBrowser,
  openDirectoryFleet,
  writeHost,
  type Answered,
  type DirectoryFleet,
  type WrittenHost,
} from "../support/directory.js";
import { run, until } from "../support/project.js";
import { serverKinds } from "../support/servers.js";
import { signedIn } from "../support/people.js";
import { setMembers, text } from "../support/applied-fleet.js";

jest.setTimeout(180_000);

const script = "<script>alert(1)</script>";
const hostile: readonly (readonly [string, string, Readonly<Record<string, unknown>>, RegExp])[] = [
  [
    "HTML in each text",
    "web-30",
    { openssh: script, machine: script, addresses: [script], problem: `${script}\n@revoked *` },
    /failing/,
  ],
  ["another's name", "web-31", { host: "web-1.example.org" }, /says that it is/],
  [
    "a key that is none",
    "web-32",
    { keys: ["ssh-ed25519 AAAA", "@revoked * ssh-ed25519 AAAA", "x\n* ssh-rsa AAAA"] },
    /no certificate/,
  ],
  ["a wildcard and a line break", "web-33", { host: "*\nweb-1.example.org" }, /says that it is/],
  ["900 kB", "web-34", { problem: "x".repeat(900_000) }, /unreadable/],
  ["no record", "web-35", { schema: "two", keys: script }, /unreadable/],
  ["times of another age", "web-36", { written: 1e300, next: -5, since: "x" }, /unreadable/],
];

/** In the place of a text that it says; a server that limits the depth of JSON takes less. */
const nested: readonly (readonly [string, string, open: string, close: string])[] = [
  ["lists, nested deeply", "web-37", "[", "]"],
  ["records, nested deeply", "web-38", '{"a":[', "]}"],
];
async function writeNested({ server }: DirectoryFleet, host: WrittenHost, [, name, open, close]: (typeof nested)[number]) {
  const entry = JSON.stringify({ data: { ...host.entry, problem: "@" } });
  for (const depth of [9900, 120]) {
    const body = entry.replace('"@"', () => `${open.repeat(depth)}1${close.repeat(depth)}`);
    const { status } = await server.ask(`ssh-trust/data/hosts/${name}.example.org`, { token: host.token, body });
    if (status < 300) return depth;
  }
  throw new Error("the server takes nothing that is nested");
}

describe.each(serverKinds)("%s", (kind) => {
  let fleet: DirectoryFleet;
  let token: string;
  /** No server has a part in it. */
  const onOne = kind === "OpenBao" ? test : undefined;
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}) => fleet.directory.ask(path, { headers });
  const asAlice = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    ask(path, { "x-vault-token": token, ...headers });
  const identityToken = async (whose = token) =>
    text((await fleet.must("identity/oidc/token/ssh-trust-directory", { token: whose })).data, "token");
  const problem = ({ status, headers, json }: Answered) => ({ status, type: headers["content-type"], code: json()["type"] });

  /** What was read before the host wrote its entry may be told for some seconds. */
  const told = (name: string, versions = 1) =>
    until(`what ${name} wrote to be told`, 20, async () => {
      const { status, json } = await asAlice(`/api/v1/hosts/${name}.example.org`);
      if (status !== 200) return false;
      const { state, history } = json() as { state: { kind: string }; history: readonly unknown[] | null };
      return state.kind !== "not-enrolled" && (history === null || history.length >= versions);
    });

  beforeAll(async () => {
    fleet = await openDirectoryFleet(kind);
    token = await signedIn(fleet.server, "dora");
    const dora = text((await fleet.must("identity/entity/name/dora")).data, "id");
    await setMembers(fleet, "dba", (members) => [...members, dora]);
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  describe("refused", () => {
    test.each([
      ["hosts", "/api/v1/hosts"],
      ["a host", "/api/v1/hosts/web-1.example.org"],
      ["a host's lines", "/api/v1/hosts/web-1.example.org/known_hosts"],
      ["all lines", "/api/v1/known_hosts"],
      ["metrics", "/metrics"],
    ])("%s, to somebody who is not signed in", async (_, path) => {
      const answer = await ask(path);
      expect(problem(answer)).toEqual({
        status: 401,
        type: "application/problem+json",
        code: "urn:ssh-trust:DIRECTORY_SIGN_IN_NEEDED",
      });
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(answer.text).not.toContain("SHA256");
    });

    test("to a browser, which is sent to sign in and comes back", async () => {
      const answer = await ask("/?q=web&filter=failing", asBrowser);
      expect(answer).toMatchObject({ status: 303, headers: { location: "/sign-in?back=%2F%3Fq%3Dweb%26filter%3Dfailing" } });
    });

    test("tokens of Vault: of nobody, of a host, of root, of somebody in no group", async () => {
      const { token: host } = await writeHost(fleet, "web-77", "web");
      const stranger = await signedIn(fleet.server, "stranger");
      for (const each of ["s.nobody", host, fleet.server.rootToken, stranger]) {
        const answer = await ask("/api/v1/hosts", { "x-vault-token": each });
        expect(problem(answer)).toMatchObject({ status: 403, code: "urn:ssh-trust:DIRECTORY_TOKEN_REFUSED" });
        expect(answer.text).not.toContain(each);
      }
    });

    test("identity tokens: for another audience, with another's signature, unsigned, what is no token", async () => {
      const good = await identityToken();
      const [head = "", body = "", signature = ""] = good.split(".");
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      // The same key and the same text: only the audience is another.
      const own = (await fleet.must("identity/oidc/role/ssh-trust-directory")).data;
      const template = text(own, "template");
      const signing = text(own, "key");
      await fleet.must(`identity/oidc/key/${signing}`, { body: { allowed_client_ids: ["*"], algorithm: "ES256" } });
      await fleet.must("identity/oidc/role/other", { body: { key: signing, template, ttl: "1h" } });
      await fleet.must("sys/policies/acl/other", {
        body: { policy: 'path "identity/oidc/token/other" { capabilities = ["read"] }' },
      });
      await fleet.must("identity/entity/name/dora", { body: { policies: ["other"] } });
      const other = text((await fleet.must("identity/oidc/token/other", { token })).data, "token");
      const read = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
      const payload = read(body);
      const [otherHead, otherBody] = other.split(".");
      expect(read(otherHead)).toEqual(read(head));
      const { aud, name, groups, iss } = read(otherBody);
      expect({ name, groups, iss }).toEqual({ name: payload["name"], groups: payload["groups"], iss: payload["iss"] });
      expect(aud).not.toBe(payload["aud"]);
      const bad = [
        other,
        `${head}.${part({ ...payload, name: "root" })}.${signature}`,
        `${part({ alg: "none" })}.${body}.`,
        `${part({ alg: "HS256" })}.${body}.${signature}`,
        `${head}.${body}`,
        "x",
      ];
      for (const each of bad) {
        const answer = await ask("/api/v1/hosts", { authorization: `Bearer ${each}` });
        expect(problem(answer)).toMatchObject({ status: 403, code: "urn:ssh-trust:DIRECTORY_TOKEN_REFUSED" });
      }
      expect((await ask("/api/v1/hosts", { authorization: `Bearer ${good}` })).status).toBe(200);
      // It opens nothing in Vault; HashiCorp's stumbles over its form.
      const opened = await fleet.server.ask("auth/token/lookup-self", { token: good });
      expect({ status: opened.status, data: opened.body.data }).toEqual({
        status: kind === "Vault" ? 500 : 403,
        data: undefined,
      });
    });

    test("somebody who was removed: no identity token, and no answer to the token of before", async () => {
      const leaver = await signedIn(fleet.server, "leaver");
      const entity = text((await fleet.must("identity/entity/name/leaver")).data, "id");
      await setMembers(fleet, "dba", (members) => [...members, entity]);
      await identityToken(leaver);
      const read = async () => (await ask("/api/v1/hosts", { "x-vault-token": leaver })).status;
      expect(await read()).toBe(200);
      await fleet.must("identity/entity/name/leaver", { body: { disabled: true } });
      expect((await fleet.server.ask("identity/oidc/token/ssh-trust-directory", { token: leaver })).status).toBe(403);
      // What Vault said of the token is remembered for 30 s.
      await until("the token to be refused", 40, async () => (await read()) === 403, 1000);
    });

    onOne?.each([
      ["a name that is none", "/api/v1/hosts/no-such.example.org", 404],
      ["a wildcard", "/api/v1/hosts/*.example.org", 404],
      ["capitals", "/api/v1/hosts/WEB-1.example.org", 404],
      ["a way up", "/api/v1/hosts/..%2f..%2ffleet", 404],
      ["a way up, plain", "/api/v1/hosts/../../../etc/passwd", 404],
      ["a zero byte", "/api/v1/hosts/web-1%00.example.org", 404],
      ["what is no UTF-8", "/api/v1/hosts/%ff%fe", 404],
      ["a name of 5000 characters", `/api/v1/hosts/${"a".repeat(5000)}`, 404],
      ["a query that is none", "/api/v1/hosts?size=9999", 400],
      ["an unknown key", "/api/v1/hosts?colour=red", 400],
      ["a page before the first", "/api/v1/hosts?page=0", 400],
      ["a sort that is none", "/api/v1/hosts?sort=constructor", 400],
    ])("%s", async (_, path, status) => {
      const answer = await asAlice(path);
      expect({ status: answer.status, type: answer.headers["content-type"] }).toEqual({
        status,
        type: "application/problem+json",
      });
    });

    onOne?.("other methods, other servers' names, headers without end", async () => {
      for (const method of ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"]) {
        const answer = await fleet.directory.ask("/api/v1/hosts", { method, headers: { "x-vault-token": token } });
        expect({ method, status: answer.status, allow: answer.headers["allow"] }).toEqual({
          method,
          status: 405,
          allow: "GET, HEAD",
        });
      }
      // Node holds the certificate against the header otherwise.
      expect(
        problem(
          await fleet.directory.ask("/api/v1/hosts", { headers: { host: "attacker.example.net" }, servername: "localhost" }),
        ),
      ).toMatchObject({
        status: 421,
        code: "urn:ssh-trust:DIRECTORY_MISDIRECTED",
      });
      expect((await asAlice("/api/v1/hosts", { "x-large": "x".repeat(20_000) })).status).toBe(431);
    });

    onOne?.("a form from another page, and one that is too long", async () => {
      const form = { "content-type": "application/x-www-form-urlencoded", "x-vault-token": token };
      const send = (headers: Readonly<Record<string, string>>, body: string) =>
        fleet.directory.ask("/hosts/web-1.example.org/console", { headers: { ...form, ...headers }, body });
      const own = `https://localhost:${String(fleet.port)}`;
      expect((await send({ origin: "https://attacker.example.net" }, "log=x")).status).toBe(403);
      expect((await send({ origin: own }, `log=${"x".repeat(900_000)}`)).status).toBe(413);
      expect((await send({ origin: own }, "log=x")).status).toBe(200);
    });
  });

  describe("anyone may read", () => {
    test("the keys of the CAs, as Vault has them, and how to trust them", async () => {
      for (const [which, mount] of [
        ["host", "host-ssh"],
        ["user", "user-ssh"],
      ] as const) {
        const own = text((await fleet.must(`${mount}/public_key`, { token: "" })).data, "text").trim();
        expect((await ask(`/api/v1/ca/${which}.pub`)).text.trim()).toBe(own);
        expect((await ask("/trust", asBrowser)).text).toContain(own.split(" ")[1]);
      }
    });

    onOne?.("health and the API's description", async () => {
      expect((await ask("/healthz")).json()).toMatchObject({ status: "ok" });
      expect((await ask("/api/v1/openapi.json")).json()).toMatchObject({ openapi: "3.1.0" });
    });
  });

  test("a browser signs in with the provider, sees a host, and signs out", async () => {
    const person = await fleet.person("alice", "platform-team");
    const start = await ask("/sign-in/start?back=/hosts/web-1.example.org", asBrowser);
    const address = String(start.headers["location"]);
    const cookie = cookiesOf(start);
    expect(start.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^__Host-[\w-]+=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    const back = new URL(await fleet.agreed(address, person));
    const callback = back.pathname + back.search;
    // Without this browser's cookie it is somebody else's sign-in.
    expect(await ask(callback, asBrowser)).toMatchObject({
      status: 403,
      text: expect.stringContaining("began in another browser"),
    });
    const done = await ask(callback, { ...asBrowser, cookie });
    expect(done).toMatchObject({ status: 303, headers: { location: "/hosts/web-1.example.org" } });
    const session = cookiesOf(done);
    const page = await ask("/hosts/web-1.example.org", { ...asBrowser, cookie: session });
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining("Signed in as <bdi>alice</bdi>") });
    // What the browser came back with is used up: by the button Back, it begins again.
    expect(await ask(callback, { ...asBrowser, cookie })).toMatchObject({
      status: 403,
      text: expect.stringContaining("Sign in"),
    });
    expect((await ask("/", { ...asBrowser, cookie: `${session}x` })).status).toBe(303);
    const out = await fleet.directory.ask("/sign-out", {
      method: "POST",
      body: "",
      headers: {
        ...asBrowser,
        cookie: session,
        origin: `https://localhost:${String(fleet.port)}`,
        "content-type": "application/x-www-form-urlencoded",
      },
    });
    expect(out).toMatchObject({ status: 303, headers: { "set-cookie": [expect.stringContaining("Max-Age=0")] } });
  });

  test("a sign-in by somebody of no group of the fleet ends without a session", async () => {
    const person = await fleet.person("carol", "another-team");
    const start = await ask("/sign-in/start?back=//attacker.example.net", asBrowser);
    const back = new URL(await fleet.agreed(String(start.headers["location"]), person));
    const done = await ask(back.pathname + back.search, { ...asBrowser, cookie: cookiesOf(start) });
    expect(done).toMatchObject({ status: 403, text: expect.stringContaining("in no group") });
    expect(done.headers["set-cookie"] ?? []).not.toContainEqual(expect.stringContaining("session"));
    expect(done.text).not.toContain("attacker");
  });

  test("what is told of a host is what it said, and 304 where the reader has it", async () => {
    const { key } = await writeHost(fleet, "web-2", "web");
    await told("web-2");
    const first = await asAlice("/api/v1/hosts/web-2.example.org");
    const host = first.json() as {
      keys: { sha256: string; publicKey: string }[];
      sshfp: string[];
      knownHosts: string[];
      age: number;
    };
    expect(host.age).toBeLessThanOrEqual(5);
    expect(host.keys.map(({ publicKey }) => publicKey)).toEqual([key]);
    expect(host.knownHosts).toEqual([expect.stringMatching(/^@cert-authority web-2\.example\.org ssh-ed25519 \S+$/)]);
    expect((await asAlice("/api/v1/hosts/web-2.example.org/known_hosts")).text).toBe(`${host.knownHosts[0] ?? ""}\n`);
    const etag = String(first.headers["etag"]);
    expect(await asAlice("/api/v1/hosts/web-2.example.org", { "if-none-match": etag })).toMatchObject({ status: 304, text: "" });
    expect((await asAlice("/api/v1/hosts/web-2.example.org", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("a host with new keys: its history says which came and which went", async () => {
    const { token: host, key, entry } = await writeHost(fleet, "web-3", "web");
    const { key: other } = await writeHost(fleet, "web-4", "web");
    await fleet.must("ssh-trust/data/hosts/web-3.example.org", {
      token: host,
      body: { data: { ...entry, keys: [other], certificates: [] } },
    });
    await told("web-3", 2);
    const { history, state } = (await asAlice("/api/v1/hosts/web-3.example.org")).json() as {
      history: { version: number; added: string[]; removed: string[] }[];
      state: { kind: string };
    };
    const print = async (line: string) =>
      (await run("ssh-keygen", ["-lf", "-"], { input: `${line}\n` })).stdout.split(" ")[1] ?? "";
    expect(history).toMatchObject([
      { version: 2, added: [await print(other)], removed: [await print(key)] },
      { version: 1, added: [], removed: [] },
    ]);
    expect(state.kind).toBe("not-certified");
  });

  describe("what a host writes that is hostile", () => {
    beforeAll(async () => {
      for (const [, name, more] of hostile) await writeHost(fleet, name, "web", more);
      for (const each of nested) await writeNested(fleet, await writeHost(fleet, each[1], "web"), each);
    });

    test.each([...hostile, ...nested.map(([what, name]) => [what, name, {}, /unreadable: it is nested too deeply/] as const)])(
      "%s",
      async (_, name, __, says) => {
        const whole = `${name}.example.org`;
        await told(name);
        const api = await asAlice(`/api/v1/hosts/${whole}`);
        expect(api.status).toBe(200);
        expect((api.json()["state"] as { text: string }).text).toMatch(says);
        const lines = (await asAlice(`/api/v1/hosts/${whole}/known_hosts`)).text;
        expect(lines).toMatch(new RegExp(`^@cert-authority ${whole.replaceAll(".", "\\.")} ssh-ed25519 \\S+\\n$`));
        const page = await asAlice(`/hosts/${whole}`, asBrowser);
        expect(page.status).toBe(200);
        expect(page.text).not.toContain("<script>alert");
        expect(page.text.length).toBeLessThan(100_000);
        const overview = await asAlice("/?q=web-3", asBrowser);
        expect(overview.text).not.toContain("<script>alert");
        expect((await asAlice("/api/v1/known_hosts")).text).not.toMatch(/@revoked|^\*/m);
      },
    );
  });

  onOne?.("slow clients hold no connection for long, and others are served meanwhile", async () => {
    const ca = await readFile(fleet.server.caFile);
    const socket = connect({ host: "127.0.0.1", servername: "localhost", port: fleet.port, ca });
    const closed = new Promise<string>((resolve) => {
      let text = "";
      socket.setEncoding("utf8").on("data", (part: string) => (text += part));
      socket.on("close", () => {
        resolve(text);
      });
    });
    const start = Date.now();
    socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
    const timer = setInterval(() => socket.write("X-A: b\r\n"), 1000);
    expect((await ask("/healthz")).status).toBe(200);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 |^$/);
    expect(Date.now() - start).toBeLessThan(17_000);
    clearInterval(timer);
  });
});

const cookiesOf = ({ headers }: Answered): string =>
  ((headers["set-cookie"] ?? []) as readonly string[]).map((each) => each.split(";")[0] ?? "").join("; ");
