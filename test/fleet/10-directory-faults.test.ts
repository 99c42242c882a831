/** The directory as a service, on a real server: Vault away, certificates that change, restarts under load, proxies, two at once. */
import { once } from "node:events";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { certify } from "../support/certificates.js";
import { text } from "../support/applied-fleet.js";
import { asBrowser, openDirectoryFleet, startDirectory, type DirectoryFleet } from "../support/directory.js";
import { until } from "../support/project.js";
import { freePort } from "../support/servers.js";

jest.setTimeout(180_000);

let fleet: DirectoryFleet;
const key = () => join(fleet.folder.folder, "session.key");

beforeAll(async () => {
  fleet = await openDirectoryFleet("OpenBao", "127.0.0.0/8");
  await writeFile(key(), "k".repeat(48), { mode: 0o600 });
}, 180_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
});

describe("refused when it starts", () => {
  const serve = (args: readonly string[], token?: string) =>
    fleet.folder.sshTrust(["directory", "serve", ...args], token, { VAULT_ADDR: fleet.server.address });
  const tls = () => {
    const home = dirname(fleet.server.caFile);
    return ["--tls-cert", join(home, "directory.pem"), "--tls-key", join(home, "directory-key.pem")];
  };

  test.each([
    ["no certificate", [], "USAGE", "--tls-cert and --tls-key are missing"],
    ["http on a network", ["--http", "--listen", "0.0.0.0:8080"], "USAGE", "in clear"],
    ["http with a certificate", ["--http", "--tls-cert", "x"], "USAGE", "exclude one another"],
    ["no address", ["--listen", "8443", "--http"], "USAGE", "is not an address and a port"],
    ["a port that is none", ["--listen", "127.0.0.1:70000", "--http"], "USAGE", "is not an address and a port"],
    ["a name for a proxy", ["--http", "--trust-proxy", "proxy.example.org"], "USAGE", "is not a range"],
    ["everybody for a proxy, mistyped", ["--http", "--trust-proxy", "10.0.0.1/8"], "USAGE", "in the middle of its range"],
    ["no rate", ["--http", "--rate", "0"], "USAGE", "--rate"],
    [
      "a certificate that is not there",
      ["--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"],
      "DIRECTORY_TLS_FILE",
      "cannot be read",
    ],
    ["a token file that is not there", ["--http", "--token-file", "/nonexistent"], "DIRECTORY_TOKEN_FILE", "cannot be read"],
    ["a session key that is not there", ["--http", "--session-key", "/nonexistent"], "DIRECTORY_SESSION_KEY", "cannot be read"],
  ] as const)("%s", async (_, args, code, says) => {
    const { exit, stdout, stderr } = await serve(args);
    expect({ exit: exit > 0, stdout, stderr }).toEqual({ exit: true, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
    expect(stderr.replace(/\s+/g, " ")).toContain(says);
  });

  test("another's key, a short session key, one for everybody, an address that is taken, a token that may not", async () => {
    const home = dirname(fleet.server.caFile);
    const at = ["--listen", "127.0.0.1:0"];
    const [cert = "", certFile = "", option = ""] = tls();
    const foreign = await serve([...at, cert, certFile, option, join(home, "server-key.pem")]);
    expect(foreign.stderr).toContain("[DIRECTORY_TLS_FILE]");
    await writeFile(`${key()}.short`, "short", { mode: 0o600 });
    expect((await serve([...at, ...tls(), "--session-key", `${key()}.short`])).stderr).toContain("less than 32 characters");
    await writeFile(`${key()}.open`, "k".repeat(48), { mode: 0o644 });
    expect((await serve([...at, ...tls(), "--session-key", `${key()}.open`])).stderr).toContain("can be read by everybody");
    expect((await serve(["--listen", `127.0.0.1:${String(fleet.port)}`, ...tls()])).stderr).toContain("[DIRECTORY_LISTEN]");
    const nobody = (await fleet.must("auth/token/create-orphan", { body: { policies: ["default"] } })).auth?.client_token;
    expect((await serve([...at, ...tls()], nobody)).stderr).toContain("[VAULT_PERMISSION_DENIED]");
  });
});

test("it is started by systemd with the options that are given", async () => {
  const { exit, stdout } = await fleet.folder.sshTrust(
    ["directory", "serve", "--http", "--listen", "[::1]:8080", "--trust-proxy", "::1/128", "--print-unit", "systemd"],
    undefined,
    {},
  );
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /^ExecStart=.* directory serve --listen "?\[::1\]:8080"? --http --token-file \S+ --trust-proxy ::1\/128$/m,
  );
});

test("a network of the fleet file reads without signing in; whom an unknown proxy asks for is nobody of it", async () => {
  const { directory } = fleet;
  expect((await directory.ask("/api/v1/hosts")).status).toBe(200);
  for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "via"])
    expect((await directory.ask("/api/v1/hosts", { headers: { [header]: "127.0.0.1" } })).status).toBe(401);
});

test("behind a proxy: whom it asks for counts, and its last word only", async () => {
  const port = await freePort();
  await using behind = await startDirectory(fleet, port, ["--trust-proxy", "127.0.0.1/32"]);
  const from = async (forwarded?: string) =>
    (await behind.ask("/api/v1/hosts", { headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } })).status;
  expect(await from("203.0.113.9")).toBe(401);
  expect(await from("127.0.0.9")).toBe(200);
  expect(await from("127.0.0.9, 203.0.113.9")).toBe(401); // the client itself wrote the first one
  expect(await from("203.0.113.9, 127.0.0.1")).toBe(401); // a second proxy that is trusted
  expect(await from("127.0.0.9:51234")).toBe(200);
  expect(await from("203.0.113.9:51234")).toBe(401);
  // The proxy is in the open network, and does not say for whom it asks.
  for (const nobody of [undefined, "", "garbage", "unknown", "127.0.0.9, unknown", "127.0.0.1", "127.0.0.1:80"])
    expect({ nobody, status: await from(nobody) }).toEqual({ nobody, status: 401 });
});

test("two instances with one session key take each other's sessions and sign-ins; without it, the sign-in begins again", async () => {
  const { directory } = fleet;
  const at = [await freePort(), await freePort()] as const;
  await using one = await startDirectory(fleet, at[0], ["--session-key", key()]);
  await using two = await startDirectory(fleet, at[1], ["--session-key", key()]);
  const person = await fleet.person("alice", "platform-team");
  const start = await one.ask("/sign-in/start?back=/trust", { headers: asBrowser });
  const cookie = String(start.headers["set-cookie"]).split(";")[0] ?? "";
  const back = new URL(await fleet.agreed(String(start.headers["location"]), person));
  const path = back.pathname + back.search;
  expect(await directory.ask(path, { headers: { ...asBrowser, cookie } })).toMatchObject({
    status: 403,
    text: expect.stringContaining("began in another browser"),
  });
  const done = await two.ask(path, { headers: { ...asBrowser, cookie } });
  expect(done).toMatchObject({ status: 303, headers: { location: "/trust" } });
  const session = ((done.headers["set-cookie"] ?? []) as readonly string[]).map((each) => each.split(";")[0]).join("; ");
  const hidden = { "x-forwarded-for": "203.0.113.9", cookie: session };
  expect((await one.ask("/api/v1/hosts", { headers: hidden })).status).toBe(200);
  expect((await directory.ask("/api/v1/hosts", { headers: hidden })).status).toBe(401);
});

test("too many requests from one address: 429, and when to come again", async () => {
  await using slow = await startDirectory(fleet, await freePort(), ["--rate", "2"]);
  const answers = await Promise.all(Array.from({ length: 30 }, () => slow.ask("/api/v1/ca/host.pub")));
  const late = answers.filter(({ status }) => status === 429);
  expect(late.length).toBeGreaterThan(10);
  expect(late[0]?.headers["retry-after"]).toMatch(/^[1-5]$/);
  expect(late[0]?.json()).toMatchObject({ type: "urn:ssh-trust:DIRECTORY_BUSY" });
});

test("another certificate is used as soon as it is there, and a broken one never", async () => {
  const home = dirname(fleet.server.caFile);
  const port = await freePort();
  await using running = await startDirectory(fleet, port);
  const serial = async () => {
    const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca: await readFile(fleet.server.caFile) });
    await once(socket, "secureConnect");
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };
  const before = await serial();
  const [cert, file] = [join(home, "directory.pem"), join(home, "directory-key.pem")];
  await copyFile(join(home, "server-key.pem"), file);
  await until("the wrong key to be refused", 15, () => Promise.resolve(running.said().includes("DIRECTORY_TLS_FILE")));
  expect(await serial()).toBe(before);
  await certify(home, "directory", "DNS:localhost,IP:127.0.0.1");
  expect(await readFile(cert, "utf8")).toContain("CERTIFICATE");
  await until("the new certificate", 15, async () => (await serial()) !== before);
});

test("SIGTERM under load: each request that was taken is answered", async () => {
  const running = await startDirectory(fleet, await freePort());
  const ca = await readFile(fleet.server.caFile);
  const ended = once(running.process, "exit");
  let [stopping, answered] = [false, 0];
  const faults: string[] = [];
  const client = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
    while (!stopping || answered === 0) {
      try {
        const { status, headers } = await running.ask("/api/v1/hosts", { agent });
        if (status !== 200) faults.push(String(status));
        answered += 1;
        if (headers["connection"] === "close") break;
      } catch (error) {
        // Only a connection that is not taken any more is no fault.
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ECONNREFUSED") faults.push(String(error));
        break;
      }
    }
    agent.destroy();
  };
  const clients = Promise.all(Array.from({ length: 20 }, client));
  await until("some answers", 20, () => Promise.resolve(answered > 200));
  running.process.kill("SIGTERM");
  await clients;
  stopping = true;
  const [status] = (await ended) as unknown as readonly [number];
  expect({ faults, status }).toEqual({ faults: [], status: 0 });
  expect(running.said()).toContain("stopping: requests in progress are still answered");
});

test("it starts before Vault does, and waits for it", async () => {
  await using running = await startDirectory(fleet, await freePort(), [], {
    before: () => fleet.must("sys/seal", { method: "POST", body: {} }),
    meanwhile: async (said) => {
      await until("it to wait", 20, () => Promise.resolve(said().includes("waiting for Vault: ")));
      await fleet.server.unseal();
    },
  });
  expect(running.said()).toMatch(/\[VAULT_(SEALED|BUSY|UNREACHABLE)\]/);
});

test("stopped while it waits for Vault, it ends in order", async () => {
  let ended: readonly unknown[] = [];
  const starting = startDirectory(fleet, await freePort(), [], {
    before: () => fleet.must("sys/seal", { method: "POST", body: {} }),
    meanwhile: async (said, process) => {
      await until("it to wait", 20, () => Promise.resolve(said().includes("waiting for Vault: ")));
      const exit = once(process, "exit");
      process.kill("SIGTERM");
      ended = [...((await exit) as readonly unknown[]), said()];
    },
  });
  try {
    await expect(starting).rejects.toThrow("the directory ended");
  } finally {
    await fleet.server.unseal();
  }
  expect(ended).toEqual([0, null, expect.not.stringMatching(/Abort|error/)]);
});

test("a token that ended makes it stale; another one in the file is used without a restart", async () => {
  await using running = await startDirectory(fleet, await freePort());
  const isStale = async () => (await running.ask("/healthz")).json()["status"] === "stale";
  const token = (await readFile(running.tokenFile, "utf8")).trim();
  await fleet.must("auth/token/revoke", { body: { token } });
  await until("the directory to notice", 30, isStale);
  expect(running.said()).toContain("[VAULT_PERMISSION_DENIED]");
  expect(running.said()).not.toContain(token);
  const another = (await fleet.must("auth/token/create-orphan", { body: { policies: ["ssh-trust-directory"], period: "1h" } }))
    .auth;
  await writeFile(running.tokenFile, another?.client_token ?? "");
  await until("the directory to be fresh", 30, async () => !(await isStale()));
});

test("the policy is an older one, which lists less: that is said as it is, and known hosts are read on", async () => {
  const { directory, must, host } = fleet;
  const path = "sys/policies/acl/ssh-trust-directory";
  const policy = text((await must(path)).data, "policy");
  const older = policy.replace(
    /^path "auth\/ssh-trust\/hosts\/example\.org\/role/gm,
    'path "auth/ssh-trust/hosts/example.com/role',
  );
  expect(older).not.toBe(policy);
  await must(path, { body: { policy: older } });
  try {
    const list = async () => (await directory.ask("/api/v1/hosts")).json();
    await until("the directory to notice", 30, async () => (await list())["unlisted"] === true);
    expect(await list()).toMatchObject({ stale: true, total: 1 });
    expect((await directory.ask("/healthz")).json()).toMatchObject({ status: "stale" });
    const page = (await directory.ask("/", { headers: asBrowser })).text;
    expect(page).toContain("The directory cannot read from Vault which hosts there are.");
    expect(page).not.toContain("Vault does not answer");
    expect(directory.said()).toMatch(/cannot read from Vault which hosts there are; .*\[VAULT_PERMISSION_DENIED\]/);
    await host("web-1", "web", { machine: "another" });
    await until("what the host said meanwhile", 30, async () => {
      const { says } = (await directory.ask("/api/v1/hosts/web-1.example.org")).json() as { says: { machine: string } | null };
      return says?.machine === "another";
    });
  } finally {
    await must(path, { body: { policy } });
  }
  await until("the directory to be fresh", 30, async () => (await directory.ask("/healthz")).json()["status"] === "ok");
});

// The last one: Vault ends.
test("Vault stops: the last known state, marked as stale; and it is back", async () => {
  const { directory, must, server } = fleet;
  const host = async () => (await directory.ask("/api/v1/hosts/web-1.example.org")).json();
  await until("the directory to be fresh", 30, async () => (await host())["stale"] === false);
  expect(await host()).toMatchObject({ state: { kind: "certified" } });
  await must("sys/seal", { method: "POST", body: {} });
  await until("the directory to notice", 30, async () => (await host())["stale"] === true);
  const list = (await directory.ask("/api/v1/hosts")).json();
  expect(list).toMatchObject({ stale: true, total: 1 });
  expect((await directory.ask("/healthz")).json()).toMatchObject({ status: "stale" });
  const start = Date.now();
  const page = await directory.ask("/hosts/web-1.example.org", { headers: asBrowser });
  expect(page.text).toContain("Vault does not answer");
  expect(Date.now() - start).toBeLessThan(5000);
  for (const path of ["/", "/trust"])
    expect((await directory.ask(path, { headers: asBrowser })).text).toContain("Vault does not answer");
  for (const path of ["/api/v1/ca/host.pub", "/api/v1/known_hosts"])
    expect((await directory.ask(path)).headers).toMatchObject({ "ssh-trust-stale": "true" });
  expect((await directory.ask("/api/v1/known_hosts")).text).toMatch(/^# stale: as of /);
  expect((await directory.ask("/api/v1/hosts/none.example.org")).status).toBe(404);
  const metrics = (await directory.ask("/metrics")).text;
  expect(metrics).toMatch(/^ssh_trust_directory_stale 1$/m);
  expect(directory.said()).toContain("Vault does not answer; what is known is served");
  await server.unseal();
  await until("the directory to be fresh", 40, async () => (await host())["stale"] === false);
  expect(directory.said()).toContain("Vault answers again");
});
