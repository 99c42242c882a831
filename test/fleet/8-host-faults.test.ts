/** Hosts that are added and removed while something fails: nothing half-made stays, and what was silent is found by Vault's clock. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { applyFleet, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { sshTrustFile } from "../support/project.js";
import { startProxy, type Proxy } from "../support/proxy.js";
import { serverKinds } from "../support/servers.js";

jest.setTimeout(180_000);
const mount = "auth/ssh-trust/hosts/example.org";
const month = 31 * 86_400;

describe.each(serverKinds)("%s", (kind) => {
  let fleet: AppliedFleet;
  let proxy: Proxy;

  beforeAll(async () => {
    fleet = await applyFleet(kind, fleetText);
    proxy = await startProxy(fleet.server);
  }, 180_000);
  afterEach(() => {
    proxy.gate = undefined;
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });

  const env = () => ({ ...fleet.server.env(fleet.registrar), VAULT_ADDR: proxy.address, VAULT_NAMESPACE: "" });
  const host = (args: string) => fleet.folder.sshTrust(["host", ...args.split(" ")], fleet.registrar, env());
  const roles = async () => (await fleet.server.ask(`${mount}/role`, { method: "LIST" })).body.data?.["keys"] ?? [];
  const files = (name: string) => readdir(join(fleet.folder.folder, name)).catch(() => "none");

  test("a server that fails after the AppRole was made: it is taken away again, and there is no file", async () => {
    proxy.gate = (asked) => Promise.resolve(asked.endsWith("/web-1/secret-id") ? { status: 500 } : undefined);
    const { exit, stdout, stderr } = await host("add web-1.example.org web-2.example.org --out failed --report json");
    expect({ exit, stdout, stderr }).toEqual({ exit: 1, stdout: "[]", stderr: expect.stringContaining("[VAULT_BUSY]") });
    expect(stderr).toContain("no host was done; not done: web-1.example.org, web-2.example.org");
    expect([await roles(), await files("failed")]).toEqual([[], "none"]);
  });

  test("one that fails at that too: it is said what is left, and what takes it away", async () => {
    const fails = (asked: string) => asked.endsWith("/web-1/secret-id") || asked.startsWith("DELETE auth/");
    proxy.gate = (asked) => Promise.resolve(fails(asked) ? { status: 500 } : undefined);
    const { exit, stderr } = await host("add web-1.example.org --out one");
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[HOST_LEFT_BEHIND]") });
    expect(stderr).toContain("host remove web-1.example.org");
    expect([await roles(), await files(".")]).toEqual([["web-1"], expect.not.arrayContaining(["one"])]);
    proxy.gate = undefined;
    expect((await host("remove --yes web-1.example.org")).exit).toBe(0);
    expect(await roles()).toEqual([]);
  });

  test("interrupted: what was begun is finished, nothing more is begun, and it is said which are done", async () => {
    const running = execa(process.execPath, [sshTrustFile, "host", "add", ...three, "--out", "interrupted"], {
      cwd: fleet.folder.folder,
      env: env(),
      reject: false,
      stdin: "ignore",
    });
    proxy.gate = (asked) => {
      if (asked.endsWith("/web-12/secret-id")) running.kill("SIGINT");
      return Promise.resolve(undefined);
    };
    const { exitCode, stdout, stderr } = await running;
    const written = ["web-11", "web-12"].map((name) => `interrupted/${name}.example.org.user-data`).join("\n");
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: written });
    expect(stderr).toContain("interrupted; what was started is finished or undone");
    expect(stderr).toContain(
      "done, and to be left out of the next add: web-11.example.org, web-12.example.org; not done: web-13",
    );
    expect(await roles()).toEqual(["web-11", "web-12"]);
    expect(await files("interrupted")).toEqual(["web-11.example.org.user-data", "web-12.example.org.user-data"]);
    expect((await host("remove --yes web-11.example.org web-12.example.org")).exit).toBe(0);
  });

  test("a month later: those are silent that said something once, and they alone are removed", async () => {
    for (const name of ["web-21", "web-22"])
      await fleet.must(`${mount}/role/${name}`, { body: { token_policies: "ssh-trust-host-web" } });
    await fleet.must("ssh-trust/data/hosts/web-21.example.org", { body: { data: { schema: 9 } } });
    const later = Math.floor(Date.now() / 1000) + month;
    proxy.gate = (asked) =>
      Promise.resolve(asked === "GET sys/health" ? { status: 200, body: { server_time_utc: later } } : undefined);
    expect((await host("list")).stdout).toMatch(
      /^web-21\.example\.org {2}web {2}silent since [-\d]+ [:\d]+ UTC, seen 3[01] d ago\nweb-22\.example\.org {2}web {2}not enrolled yet$/,
    );
    expect((await host("remove --silent-for 32d --yes")).stderr).toBe("no host has been silent for 768h");
    const { exit, stdout, stderr } = await host("remove --silent-for 30d --yes");
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: "web-21.example.org" });
    expect(stderr).toMatch(
      /^web-21\.example\.org {2}web {2}silent since .*\nweb-21\.example\.org can no longer have anything signed; it reported no valid/,
    );
    expect(await roles()).toEqual(["web-22"]);
  });
});

const three = ["web-11", "web-12", "web-13"].map((name) => `${name}.example.org`);
