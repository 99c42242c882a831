/** Hosts, as a registrar adds and removes them: with that policy's token and no other, on both servers. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parse } from "yaml";
import { addHost, type AddedHost } from "../../src/host/add.js";
import { openVaultApi, type VaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import { applyFleet, certificateOf, text, tokenOf, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { refused } from "../support/operator.js";
import { personAt } from "../support/person.js";
import { run, succeeds, type Ran } from "../support/project.js";
import { serverKinds, type Answer } from "../support/servers.js";

jest.setTimeout(180_000);

interface UserData {
  readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

const web = (name: string) => `${name}.example.org`;
const mount = "auth/ssh-trust/hosts/example.org";

describe.each(serverKinds)("%s", (kind) => {
  let fleet: AppliedFleet;
  let publicKey: string;
  let api: VaultApi;

  beforeAll(async () => {
    fleet = await applyFleet(kind, (vault) =>
      fleetText(vault).replace("session: 10h", "limits: { sign-in: 1000, sign: 1000, store: 1000 }"),
    );
    const key = join(fleet.folder.folder, "ssh_host_ed25519_key");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]));
    publicKey = (await readFile(`${key}.pub`, "utf8")).trim();
    const { address, caFile } = fleet.server;
    const at = { address, tls: { caCert: caFile }, namespace: undefined, tokenSource: "VAULT_TOKEN" };
    api = openVaultApi({ ...at, token: fleet.registrar });
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  const host = (args: string, token = fleet.registrar, env: Record<string, string> = {}): Promise<Ran> =>
    fleet.folder.sshTrust(["host", ...args.split(" ")], token, { VAULT_ADDR: fleet.server.address, ...env });
  /** The same as a process of its own: each verb once. */
  const hostProcess = (args: string): Promise<Ran> =>
    fleet.folder.sshTrustProcess(["host", ...args.split(" ")], fleet.registrar, { VAULT_ADDR: fleet.server.address });
  const file = (name: string) => join(fleet.folder.folder, name);
  const there = async (name: string) => (await fleet.server.ask(`${mount}/role/${name}`)).status === 200;
  const ask = (path: string, token: string, body?: unknown) =>
    fleet.server.ask(path, body === undefined ? { token } : { token, body });

  /** What a machine does with what it was given. */
  async function given(name: string) {
    const { write_files: files, runcmd } = parse(await readFile(file(name), "utf8")) as UserData;
    const of = (path: string) => files.find((each) => each.path === `/etc/ssh-trust/${path}`)?.content.trim() ?? "";
    return {
      files,
      runcmd,
      of,
      settings: Object.fromEntries(
        of("host.conf")
          .split("\n")
          .map((line) => line.split("=", 2)),
      ) as Record<string, string>,
    };
  }
  const unwrap = (token: string) => ask("sys/wrapping/unwrap", token, {});
  const signIn = (roleId: string, secretId: string) => ask(`${mount}/login`, "", { role_id: roleId, secret_id: secretId });
  const sign = (token: string, name: string) =>
    ask("host-ssh/sign/web", token, { cert_type: "host", public_key: publicKey, valid_principals: web(name) });
  async function enrolled(name: string) {
    const { of } = await given(name);
    const secretId = text((await unwrap(of("wrapped"))).body.data, "secret_id");
    const answer = await signIn(of("role-id"), secretId);
    return { roleId: of("role-id"), secretId, token: tokenOf(answer.body) };
  }
  const says = (name: string, more: object = {}) => ({
    ...{ schema: 1, host: web(name), group: "web", written: 1_700_000_000, addresses: ["192.0.2.1"], keys: [publicKey] },
    ...{ certificates: [], openssh: "OpenSSH_9.2p1", script: "1", machine: "m", boot: "b", userCas: [], next: 0 },
    ...{ problem: "", since: 0, conflict: false },
    ...more,
  });
  /** What a report has of a host: these and no more, so no token. */
  const reported = (name: string, at: string, cidrs: readonly string[]) => ({
    ...{ name: web(name), group: "web", principals: [web(name), "www.example.org"], file: at, cidrs },
    validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  const write = (name: string, data: unknown) => fleet.must(`ssh-trust/data/hosts/${web(name)}`, { body: { data } });

  describe("refused, and nothing is made", () => {
    test.each<[args: string, code: string, said: string, exit: number]>([
      [
        "add x.example.org --out f",
        "HOST_IN_NO_GROUP",
        "no group of hosts has the name x.example.org (web: web-*.example.org",
        1,
      ],
      ["add www.example.org --out f", "HOST_IN_NO_GROUP", "www.example.org", 1],
      ["add web-1.example.com --out f", "HOST_IN_NO_GROUP", "web-1.example.com", 1],
      ["reissue --yes web-1.example.org --out f", "HOST_UNKNOWN", "Vault knows no host web-1.example.org", 1],
      ["remove --yes web-1.example.org", "HOST_UNKNOWN", "Vault knows no host web-1.example.org", 1],
      ["remove --yes web-1.example.com", "HOST_IN_NO_GROUP", "the domains are example.org", 1],
      ["show web-1.example.org", "HOST_UNKNOWN", "Vault knows no host", 1],
      ["list --group frontend", "USAGE", "(there are: web, db)", 2],
    ])("%s: %s", async (args, code, said, exit) => {
      const { stderr, stdout, exit: ended } = await host(args);
      expect({ ended, stdout, stderr }).toEqual({ ended: exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
      expect(stderr).toContain(said);
      expect(stderr).toContain("ssh-trust: hint: ");
      expect((await fleet.server.ask(`${mount}/role`, { method: "LIST" })).status).toBe(404);
      expect(await readdir(fleet.folder.folder)).not.toEqual(expect.arrayContaining(["f", "d"]));
    });

    test("a file of names: all that no group has", async () => {
      await writeFile(file("names"), "web-1.example.org\nx.example.org\ny.example.org\n");
      const { stderr } = await host("add --many names --out d");
      expect(stderr).toContain("line 2: no group of hosts has the name x.example.org");
      expect(stderr).toContain("line 3: no group of hosts has the name y.example.org");
      expect(await readdir(fleet.folder.folder)).not.toContain("d");
    });

    test.each([
      ["operator", () => fleet.operator, "VAULT_PERMISSION_DENIED"],
      ["nobody", () => "s.nobody", "VAULT_PERMISSION_DENIED"],
    ])("a token of the %s: the policy that is needed is named", async (_whose, token, code) => {
      for (const args of [`add ${web("web-1")} --out f`, "list", `remove --yes ${web("web-1")}`]) {
        const { stderr, exit } = await host(args, token());
        expect({ exit, stderr }).toEqual({
          exit: 1,
          stderr: expect.stringMatching(new RegExp(`\\[(${code}|VAULT_TOKEN_REFUSED)\\]`)),
        });
        if (stderr.includes(code)) expect(stderr).toContain("apply --print-policy registrar");
      }
    });

    test("without a server, and at one that has no fleet", async () => {
      expect((await host("list", fleet.registrar, { VAULT_ADDR: "" })).stderr).toContain("[VAULT_ADDR_MISSING]");
      await fleet.must("ssh-trust/data/fleet", { method: "DELETE" });
      expect((await host("list")).stderr).toContain("[FLEET_NOT_APPLIED]");
      await fleet.must("ssh-trust/undelete/fleet", { body: { versions: [1] } });
      expect(await host("list")).toMatchObject({ exit: 0, stdout: "", stderr: "there is no host yet" });
    });
  });

  describe("a host that is added", () => {
    test("has a file that is nobody else's to read, and is told what its fleet says", async () => {
      const { exit, stdout, stderr } = await hostProcess(
        "add web-1.example.org --out web-1 --cidr 127.0.0.0/8 --cidr 10.0.0.0/8",
      );
      expect({ exit, stdout, stderr }).toEqual({
        exit: 0,
        stdout: "web-1",
        stderr: expect.stringContaining("can be used once, until "),
      });
      expect(stderr).toContain("the certificates in VAULT_CACERT are included");
      expect((await stat(file("web-1"))).mode & 0o777).toBe(0o600);
      const { settings, files, runcmd } = await given("web-1");
      expect(settings).toEqual({
        VAULT_ADDR: fleet.server.address,
        VAULT_CACERT: "/etc/ssh-trust/vault-ca.pem",
        SSH_TRUST_HOST_SIGN: "host-ssh/sign/web",
        SSH_TRUST_HOST_CA: expect.stringMatching(/^SHA256:/),
        SSH_TRUST_PRINCIPALS: "web-1.example.org,www.example.org",
        SSH_TRUST_USER_MOUNT: "user-ssh",
        SSH_TRUST_USER_CA: expect.stringMatching(/^SHA256:/),
        SSH_TRUST_GROUP: "web",
        SSH_TRUST_LOGIN: "auth/ssh-trust/hosts/example.org",
        SSH_TRUST_ROLE: "web-1",
        SSH_TRUST_ENTRY: "ssh-trust/hosts/web-1.example.org".replace("/", "/data/"),
        SSH_TRUST_RENEW_AT: "33",
      });
      expect(files.map(({ path, permissions }) => `${path} ${permissions}`)).toEqual([
        "/etc/ssh-trust/host.conf 0644",
        "/etc/ssh-trust/vault-ca.pem 0644",
        "/etc/ssh-trust/role-id 0600",
        "/etc/ssh-trust/wrapped-until 0644",
        "/etc/ssh-trust/wrapped 0600",
        "/etc/systemd/system/ssh-trust-host.service 0644",
        "/etc/systemd/system/ssh-trust-host.timer 0644",
        "/usr/local/sbin/ssh-trust-host 0755",
      ]);
      expect(runcmd[0]).toEqual(["systemctl", "daemon-reload"]);
    });

    test("is not added again, nor is another with the same file", async () => {
      expect((await host("add web-1.example.org --out other")).stderr).toContain("[HOST_ENROLLED]");
      expect((await host("add web-2.example.org --out web-1")).stderr).toContain("[HOST_FILE_EXISTS]");
      expect(await there("web-2")).toBe(false);
    });

    test("is listed as not enrolled; opens its secret id once, signs in, and has its name signed", async () => {
      expect((await host("list")).stdout).toMatch(/^web-1\.example\.org {2}web {2}not enrolled yet$/);
      const { of } = await given("web-1");
      const { token, secretId, roleId } = await enrolled("web-1");
      expect((await unwrap(of("wrapped"))).status).toBe(400);
      const looked = (await ask("auth/token/lookup-self", token)).body.data;
      expect(looked).toMatchObject({ bound_cidrs: ["127.0.0.0/8", "10.0.0.0/8"] });
      const certificate = certificateOf(await sign(token, "web-1"));
      expect(certificate.principals).toEqual([web("web-1")]);
      expect((await sign(token, "web-2")).status).toBe(400);
      expect((await signIn(roleId, secretId)).status).toBe(200);
      const line = text((await sign(token, "web-1")).body.data, "signed_key").trim();
      await ask(`ssh-trust/data/hosts/${web("web-1")}`, token, {
        options: { cas: 0 },
        data: says("web-1", { certificates: [line] }),
      });
      expect((await host("list")).stdout).toMatch(
        /^web-1\.example\.org {2}web {2}certified until [-\d]+ [:\d]+ UTC, seen \d+ s ago$/,
      );
      const shown = (await host("show web-1.example.org")).stdout;
      for (const words of [
        "signs in from 127.0.0.0/8, 10.0.0.0/8",
        "key            ED25519 SHA256:",
        "certificate    ED25519, until ",
        "problem        none",
      ])
        expect(shown).toContain(words);
      expect(JSON.parse((await hostProcess("list --format json")).stdout)).toEqual([
        expect.objectContaining({
          name: web("web-1"),
          group: "web",
          identity: true,
          state: { kind: "certified", until: expect.any(String) },
        }),
      ]);
    });

    test("whose identity is reissued: the old one is worth nothing, the new one begins anew, at the same addresses", async () => {
      const before = await enrolledAgain("web-1");
      expect((await host("show web-1.example.org")).stdout).not.toContain("written by");
      await ask(`ssh-trust/data/hosts/${web("web-1")}`, before.token, { data: says("web-1", { machine: "copied" }) });
      const copied = (await hostProcess("show web-1.example.org")).stdout;
      expect(copied).toMatch(
        /^written by {5}2 machines: m until [-\d]+ [:\d]+ UTC, copied since [-\d]+ [:\d]+ UTC, by Vault's clock/m,
      );
      const { writers } = JSON.parse((await host("show web-1.example.org --format json")).stdout) as { writers: unknown };
      const machines = ["m", "copied"].map((machine): unknown => ({
        machine,
        since: expect.any(String),
        until: expect.any(String),
      }));
      expect(writers).toEqual({ versions: 2, machines, inTurn: false });
      expect(await hostProcess("reissue --yes web-1.example.org --out web-1b")).toMatchObject({ exit: 0, stdout: "web-1b" });
      await isWorthless(before);
      expect((await fleet.server.ask(`ssh-trust/metadata/hosts/${web("web-1")}`)).status).toBe(404);
      await rm(file("web-1"));
      const { of } = await given("web-1b");
      expect(of("role-id")).not.toBe(before.roleId);
      const after = await enrolled("web-1b");
      expect((await sign(after.token, "web-1")).status).toBe(200);
      expect((await ask("auth/token/lookup-self", after.token)).body.data).toMatchObject({
        bound_cidrs: ["127.0.0.0/8", "10.0.0.0/8"],
      });
      const first = { options: { cas: 0 }, data: says("web-1") };
      expect((await ask(`ssh-trust/data/hosts/${web("web-1")}`, after.token, first)).status).toBe(200);
      expect((await host("show web-1.example.org")).stdout).not.toContain("written by");
    });

    test("that is removed: nothing more is signed; added again under its name, it is another", async () => {
      const { of } = await given("web-1b");
      await fleet.must("sys/wrapping/lookup", { token: of("wrapped"), body: { token: of("wrapped") } }).catch(() => undefined);
      const reissued = await host("reissue --yes web-1.example.org --out web-1c --report json");
      expect(reissued).toMatchObject({ exit: 0, stderr: expect.stringContaining("can be used once, until ") });
      expect(JSON.parse(reissued.stdout)).toEqual([reported("web-1", "web-1c", ["127.0.0.0/8", "10.0.0.0/8"])]);
      const before = await enrolled("web-1c");
      const line = text((await sign(before.token, "web-1")).body.data, "signed_key").trim();
      await ask(`ssh-trust/data/hosts/${web("web-1")}`, before.token, { data: says("web-1", { certificates: [line] }) });
      const { exit, stdout, stderr } = await hostProcess("remove --yes web-1.example.org");
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: "web-1.example.org" });
      expect(stderr).toMatch(
        /can no longer have anything signed; the certificates that it reported expire [-\d]+ [:\d]+ UTC; any other expires at the latest /,
      );
      await isWorthless(before);
      expect((await host("remove --yes web-1.example.org")).stderr).toContain("[HOST_UNKNOWN]");
      expect(await host("add web-1.example.org --out web-1d")).toMatchObject({ exit: 0 });
      const after = await enrolled("web-1d");
      expect((await sign(after.token, "web-1")).status).toBe(200);
      await isWorthless(before);
      expect((await host("remove --yes web-1.example.org")).exit).toBe(0);
    });

    /** Of a file whose secret id was opened before. */
    async function enrolledAgain(name: string) {
      const { of } = await given(name);
      const made = await fleet.must(`${mount}/role/web-1/secret-id`, { token: fleet.server.rootToken, body: {} });
      const secretId = text(made.data, "secret_id");
      return { roleId: of("role-id"), secretId, token: tokenOf((await signIn(of("role-id"), secretId)).body) };
    }
    async function isWorthless({ roleId, secretId, token }: { roleId: string; secretId: string; token: string }) {
      const answers: Answer[] = [await sign(token, "web-1"), await signIn(roleId, secretId)];
      expect(answers.map(({ status }) => status)).toEqual([403, 400]);
      expect((await ask(`ssh-trust/data/hosts/${web("web-1")}`, token, { data: {} })).status).toBe(403);
    }
  });

  test("at a terminal, the host is shown, it is said what would happen, and asked; whoever does not say yes changes nothing", async () => {
    await using registrar = await personAt(fleet.server);
    await registrar.secret(".vault-token", fleet.registrar);
    const name = web("web-2");
    await succeeds(host(`add ${name} --out web-2`));
    const before = await enrolled("web-2");
    for (const [args, said] of [
      [
        ["reissue", name, "--out", "new"],
        /web-2\.example\.org +web +not enrolled yet\n[^]*once reissued, web-2\.example\.org cannot renew anything[^]*reissue web-2\.example\.org\? \[y\/N\] /,
      ],
      [
        ["remove", name],
        /web-2\.example\.org +web +not enrolled yet\n[^]*nothing more is signed[^]*remove web-2\.example\.org\? \[y\/N\] /,
      ],
    ] as const) {
      const no = await registrar.atTerminal(["host", ...args], ["[y/N]", "\r"]);
      expect(no).toMatchObject({ exit: 1, left: 0, shown: expect.stringMatching(/\nnothing was changed\n/) });
      expect(no.shown).toMatch(said);
      const interrupted = await registrar.atTerminal(["host", ...args], ["[y/N]", "\u0003"]);
      expect(interrupted).toMatchObject({ exit: 130, shown: expect.stringContaining("interrupted; nothing was changed") });
    }
    expect((await sign(before.token, "web-2")).status).toBe(200);
    const unknown = await registrar.atTerminal(["host", "remove", name, web("web-404")]);
    expect(unknown).toMatchObject({ exit: 1, shown: expect.stringMatching(/HOST_UNKNOWN/) });
    const again = await registrar.atTerminal(["host", "reissue", name, "--out", "new"], ["[y/N]", "y\r"]);
    expect(again).toMatchObject({ exit: 0, left: 0 });
    expect((await sign(before.token, "web-2")).status).toBe(403);
    await succeeds(host(`add ${web("web-3")} --out web-3`));
    const both = await registrar.atTerminal(["host", "remove", name, web("web-3")], ["remove these 2 hosts? [y/N]", "yes\r"]);
    expect(both).toMatchObject({ exit: 0, left: 0, shown: expect.stringContaining("nothing more is signed for them") });
    expect([await there("web-2"), await there("web-3")]).toEqual([false, false]);
  });

  describe("several hosts", () => {
    test("each has its file, in a folder that is nobody else's", async () => {
      await writeFile(file("names"), "web-11.example.org\nweb-12.example.org # the second\n\ndb-1.example.org\n");
      const { exit, stdout } = await host("add --many names --out many --format env");
      expect({ exit, stdout }).toEqual({
        exit: 0,
        stdout: ["web-11", "web-12", "db-1"].map((name) => `many/${web(name)}.env`).join("\n"),
      });
      expect((await stat(file("many"))).mode & 0o777).toBe(0o700);
      const lines = await readFile(file(`many/${web("db-1")}.env`), "utf8");
      expect(lines).toMatch(/^SSH_TRUST_GROUP=db$/m);
      expect(lines).toMatch(
        /^SSH_TRUST_ROLE_ID=\S+\nSSH_TRUST_WRAPPED_UNTIL=\d+\nSSH_TRUST_WRAPPED=\S+\nSSH_TRUST_VAULT_CA_BASE64=\S+\n$/m,
      );
      expect((await host("list --group db")).stdout).toBe("db-1.example.org  db  not enrolled yet");
      expect((await host("remove --yes web-11.example.org web-12.example.org db-1.example.org")).exit).toBe(0);
    });

    test("one that cannot be written ends it: those before it stay, and are named; it has no identity, nor have those after it", async () => {
      const long = `web-${"x".repeat(59)}.${"y".repeat(63)}.${"z".repeat(63)}.${"v".repeat(45)}`;
      const { exit, stdout, stderr } = await host(`add ${web("web-21")} ${web(long)} ${web("web-22")} --out three --report json`);
      const left = `done, and to be left out of the next add: ${web("web-21")}; not done: web-x`;
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(left) });
      expect(JSON.parse(stdout)).toEqual([reported("web-21", `three/${web("web-21")}.user-data`, [])]);
      expect(stderr).toContain("[FILE_NOT_WRITTEN]");
      expect([await there("web-21"), await there(long), await there("web-22")]).toEqual([true, false, false]);
      const removing = await host(`remove --yes ${web("web-21")} ${web("web-404")} ${web("web-22")}`);
      expect(removing).toMatchObject({ exit: 1, stdout: web("web-21"), stderr: expect.stringContaining("[HOST_UNKNOWN]") });
      expect(removing.stderr).toContain(
        `done, and to be left out of the next remove: ${web("web-21")}; not done: ${web("web-404")}, ${web("web-22")}`,
      );
      expect(removing.stderr).toContain("a login does not ask Vault about hosts");
    });

    test("what cannot be handed over is taken away again, even where its identity was used meanwhile", async () => {
      const stored = await readStoredFleet(api);
      let token = "";
      const error = await refused(
        addHost(api, stored, web("web-31"), {
          valid: 60,
          async handOver({ roleId, wrapped }: AddedHost) {
            const secretId = text((await unwrap(wrapped.token)).body.data, "secret_id");
            token = tokenOf((await signIn(roleId, secretId)).body);
            throw new Error("no room");
          },
        }),
      );
      expect(error.message).toBe("no room");
      expect(await there("web-31")).toBe(false);
      expect((await sign(token, "web-31")).status).toBe(403);
    });

    test("on standard output, where that is asked for; as a script that a shell can read", async () => {
      const { stdout, exit } = await host(`add ${web("web-41")} --format shell --out -`);
      expect(exit).toBe(0);
      expect(await run("sh", ["-n"], { input: stdout })).toMatchObject({ exit: 0, all: "" });
      expect(stdout).not.toContain(fleet.registrar);
      expect((await host(`remove --yes ${web("web-41")}`)).exit).toBe(0);
    });
  });

  describe("what hosts say is a stranger's text", () => {
    test.each<[what: string, data: () => unknown, said: string]>([
      ["900 kB", () => says("web-50", { problem: "x".repeat(900_000) }), "unreadable: it has 880 KiB, and at most 64 are read"],
      ["another schema", () => ({ schema: 2 }), "unreadable: its schema is 2, and 1 is read"],
      ["no schema", () => ({ hello: "world" }), "unreadable: it does not say its schema"],
      ["wrong types", () => says("web-50", { addresses: "192.0.2.1" }), "unreadable: addresses is not as it has to be"],
      ["a wrong item", () => says("web-50", { keys: [1] }), "unreadable: keys[0] is not as it has to be"],
      ["another host's name", () => says("web-51"), "unreadable: it says that it is web-51.example.org"],
      [
        "keys that are HTML",
        () => says("web-50", { keys: ["<script>alert(1)</script>"] }),
        "it shows no certificate of this fleet",
      ],
      [
        "a CA's line",
        () => says("web-50", { certificates: ["@revoked * ssh-ed25519 AAAA"] }),
        "it shows no certificate of this fleet",
      ],
      ["two machines", () => says("web-50", { conflict: true }), "two machines have this identity"],
      [
        "a problem with line breaks",
        () => says("web-50", { problem: "a\nweb-9.example.org  web  certified\u001b[2J" }),
        "failing: a\\012web-9.example.org  web  certified\\033[2J",
      ],
    ])("%s", async (_what, data, said) => {
      await fleet.must(`${mount}/role/web-50`, { body: { token_policies: "ssh-trust-host-web" } });
      await write("web-50", data());
      const { exit, stdout } = await host("list");
      expect({ exit, lines: stdout.split("\n").length }).toEqual({ exit: 0, lines: 1 });
      expect(stdout).toContain(`web-50.example.org  web  ${said}`);
      expect((await host("show web-50.example.org")).exit).toBe(0);
      expect((await host("show web-50.example.org --format json")).exit).toBe(0);
    });

    test("an AppRole that somebody called otherwise goes into no path", async () => {
      await fleet.must(`${mount}/role/web_`, { body: { token_policies: "default" } });
      const { exit, stdout } = await host("list");
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/unreadable: its name is not a host's name/) });
      await fleet.must(`${mount}/role/web_`, { method: "DELETE" });
    });

    test("one that has nothing but an entry is listed, and removed", async () => {
      await fleet.must(`${mount}/role/web-50`, { method: "DELETE" });
      expect((await host("list")).stdout).toContain("without an identity");
      expect((await host("remove --yes web-50.example.org")).exit).toBe(0);
      expect((await host("list")).stderr).toBe("there is no host yet");
    });

    test("the silent are removed together, and nobody else", async () => {
      await fleet.must(`${mount}/role/web-60`, { body: { token_policies: "ssh-trust-host-web" } });
      await write("web-60", says("web-60"));
      expect(await host("remove --silent-for 1h --yes")).toMatchObject({ exit: 0, stderr: "no host has been silent for 1h" });
      expect(await there("web-60")).toBe(true);
    });
  });
});
