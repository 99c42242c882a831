/** What must survive: Vault away, runs killed and interrupted, a host's script fed with what it must not install. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { scanHostCertificates } from "../../src/ssh/scan.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, killedHalfWay, labNames, login, type Ran, run, started, succeeds, until } from "../support/project.js";
import { task as taskProcess } from "../support/project.js";
import { lab } from "../support/cloud.js";

const host = labNames.container("ssh-with-signed-hostkey");
const port = labNames.ports["ssh-with-signed-hostkey"];
const inHost = (command: string, env: Record<string, string> = {}): Promise<Ran> =>
  docker("exec", ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]), host, "sh", "-c", command);
const presented = (at: number = port) => scanHostCertificates({ host: "127.0.0.1", port: at, timeoutSeconds: 3 });
const strictLogin = () => login("bob", port, "-o", "StrictHostKeyChecking=yes");

const vaultApi = (path: string, body: unknown, method = "POST") =>
  fetch(`${lab.vault.address}/v1/${path}`, { method, headers: { "X-Vault-Token": "root-token" }, body: JSON.stringify(body) });

beforeAll(async () => {
  for (const name of ["start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca", "create-known-hosts"]) {
    const { exit, all } = await task(name);
    expect({ exit, all }).toEqual({ exit: 0, all });
  }
}, 180_000);

describe("Vault is away", () => {
  const certified = labNames.container("ssh-with-trusted-user-ca");
  const itsPort = labNames.ports["ssh-with-trusted-user-ca"];
  const itsSerials = async () => (await presented(itsPort)).map(({ serial }) => String(serial)).sort();
  let before: Awaited<ReturnType<typeof itsSerials>>;
  let renewal: Promise<Ran>;

  // Both hosts wait for Vault, each until its patience ends: at the same time.
  beforeAll(async () => {
    await succeeds(task("sign-user-key", ["alice"]));
    before = await itsSerials();
    await docker("pause", labNames.container("vault"));
    renewal = docker("exec", certified, "ssh-trust-host", "once");
    await docker("restart", "-t", "1", host);
  }, 180_000);
  afterAll(async () => {
    await docker("unpause", labNames.container("vault"));
    await renewal;
  });

  test("a host that is certified stays so", async () => {
    const { all, exit } = await renewal;
    expect(all).toMatch(/Vault at http:\/\/\S*vault:8200, host-ssh\/public_key: /);
    expect(exit).toBe(1);
    expect((await login("alice", itsPort, "-o", "StrictHostKeyChecking=yes")).stdout).toBe("admin-ssh-user");
    expect(before).toHaveLength(3);
    expect(await itsSerials()).toEqual(before);
  }, 180_000);

  test("a host that boots meanwhile runs sshd without certificates; strict clients fail closed; it is certified later", async () => {
    await until("sshd to answer with its plain keys", 40, async () =>
      (await run("ssh-keyscan", ["-T", "2", "-p", String(port), "127.0.0.1"])).stdout.includes("ssh-ed25519"),
    );
    expect(await presented()).toEqual([]);
    const refused = await strictLogin();
    expect(refused.all).toContain("Host key verification failed.");
    expect(refused.exit).toBe(255);
    expect((await docker("logs", host)).all).toContain("sshd starts with plain host keys; they are signed when Vault answers");

    await docker("unpause", labNames.container("vault"));
    await until("the host to be certified", 60, async () => (await presented()).length === 3);
    expect((await strictLogin()).stdout).toBe("admin-ssh-user");
    await until("it to say so", 20, async () =>
      /start-sshd: sshd starts[\s\S]*host keys signed for localhost/.test((await docker("logs", host)).all),
    );
  }, 300_000);
});

describe("ssh-trust-host installs nothing that it must not", () => {
  const state = async () =>
    (await inHost("cat /etc/ssh/ssh_host_*-cert.pub /etc/ssh/sshd_config.d/*.conf | sha256sum; ls /etc/ssh")).stdout;
  const role = {
    key_type: "ca",
    allow_host_certificates: true,
    allowed_domains: "localhost",
    allow_bare_domains: true,
    ttl: "1h",
  };

  beforeAll(async () => {
    expect(
      (await vaultApi("host-ssh/roles/with-options", { ...role, default_critical_options: { "source-address": "10.0.0.0/8" } }))
        .status,
    ).toBeLessThan(300);
    expect(
      (
        await vaultApi("host-ssh/roles/users", {
          ...role,
          allow_host_certificates: false,
          allow_user_certificates: true,
          allowed_users: "*",
        })
      ).status,
    ).toBeLessThan(300);
    expect((await vaultApi("host-ssh/roles/other-name", { ...role, allowed_domains: "elsewhere" })).status).toBeLessThan(300);
  });
  afterAll(async () => {
    for (const name of ["with-options", "users", "other-name"]) await vaultApi(`host-ssh/roles/${name}`, undefined, "DELETE");
  });

  test.each([
    [
      "a CA other than the one it was told",
      { SSH_TRUST_HOST_CA: "SHA256:somebody-else" },
      /the CA of host-ssh is SHA256:.*, not SHA256:somebody-else/,
    ],
    [
      "a certificate with critical options",
      { SSH_TRUST_HOST_SIGN: "host-ssh/sign/with-options" },
      /is not installed: it has critical options/,
    ],
    ["a role that signs no hosts", { SSH_TRUST_HOST_SIGN: "host-ssh/sign/users" }, /cert_type 'host' is not allowed by role/],
    [
      "a name that the role does not allow",
      { SSH_TRUST_PRINCIPALS: "elsewhere" },
      /elsewhere is not a valid value for valid_principals/,
    ],
    [
      "a name among several that the role does not allow",
      { SSH_TRUST_PRINCIPALS: "localhost,elsewhere" },
      /not a valid value for valid_principals/,
    ],
    ["a role that is not there", { SSH_TRUST_HOST_SIGN: "host-ssh/sign/nowhere" }, /Unknown role/i],
    ["a mount that is not there", { SSH_TRUST_HOST_SIGN: "nowhere/sign/host-ssh" }, /the CA key of nowhere could not be read/],
    ["a server that is not Vault", { VAULT_ADDR: `http://127.0.0.1:22` }, /the CA key of host-ssh could not be read/],
    ["a protocol that is none of HTTP's", { VAULT_ADDR: "file:///etc" }, /VAULT_ADDR is neither https/],
    ["no TLS, where that was not allowed", { SSH_TRUST_ALLOW_HTTP: "" }, /VAULT_ADDR is without TLS/],
    ["an address with a quote in it", { VAULT_ADDR: 'http://vault"' }, /VAULT_ADDR holds a quote/],
    ["a name with a wildcard", { SSH_TRUST_PRINCIPALS: "*" }, /\* is not a host name/],
    [
      "a user CA other than the one it was told",
      { SSH_TRUST_USER_MOUNT: "user-ssh", SSH_TRUST_USER_CA: "SHA256:somebody-else" },
      /the CA of user-ssh is SHA256:.*, not SHA256:somebody-else/,
    ],
    ["a token file that is not there", { SSH_TRUST_TOKEN_FILE: "/nowhere" }, /token file \/nowhere cannot be read/],
    ["a token that Vault does not take", { SSH_TRUST_TOKEN_FILE: "/etc/hostname" }, /permission denied/],
    ["a user CA that is not there", { SSH_TRUST_USER_MOUNT: "nowhere" }, /the CA key of nowhere could not be read/],
  ])(
    "%s",
    async (_what, env, says) => {
      await inHost("rm -rf /etc/ssh/.ssh-trust.kept"); // what another test had signed, and used again
      const before = await state();
      const { all, exit } = await inHost("ssh-trust-host once", env);
      expect(all).toMatch(says);
      expect(all).not.toContain("root-token");
      expect(exit).not.toBe(0);
      expect(await state()).toBe(before);
    },
    60_000,
  );

  test("settings that sshd does not take are found before anything is asked for", async () => {
    const before = await state();
    await inHost("cp /etc/ssh/sshd_config /tmp/good; echo 'NoSuchKeyword yes' >> /etc/ssh/sshd_config");
    const { all, exit } = await inHost("ssh-trust-host once");
    await inHost("cat /tmp/good > /etc/ssh/sshd_config");
    expect(all).toMatch(/sshd rejects \/etc\/ssh\/sshd_config: .*Bad configuration option: NoSuchKeyword/);
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
    expect((await strictLogin()).stdout).toBe("admin-ssh-user");
  }, 180_000);

  test("another file of sshd's that comes first: rolled back before the reload", async () => {
    const before = await state();
    await inHost(
      "cp /etc/ssh/ssh_host_rsa_key.pub /tmp/ca.pub; echo 'TrustedUserCAKeys /tmp/ca.pub' > /etc/ssh/sshd_config.d/05-company.conf",
    );
    const { all, exit } = await inHost("ssh-trust-host once", { SSH_TRUST_USER_MOUNT: "user-ssh" });
    await inHost("rm /etc/ssh/sshd_config.d/05-company.conf");
    expect(all).toMatch(/sshd trusts another user CA: .*05-company\.conf:1[\s\S]*rolled back/);
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
    expect((await strictLogin()).stdout).toBe("admin-ssh-user");
  }, 180_000);

  test("a stale pid file: nobody else's process is signalled", async () => {
    await inHost(
      "sleep 300 & echo $! > /tmp/sleeper; cp /run/sshd.pid /tmp/pid; cat /tmp/sleeper > /run/sshd.pid; ssh-trust-host once; cat /tmp/pid > /run/sshd.pid",
    );
    expect((await inHost("kill -0 $(cat /tmp/sleeper)")).exit).toBe(0);
    await inHost("kill $(cat /tmp/sleeper); ssh-trust-host once");
  }, 180_000);

  test("killed between two files, the next run takes the first back, even with Vault away", async () => {
    const before = await state();
    await inHost(
      "cd /etc/ssh && ln sshd_config.d/10-ssh-trust.conf sshd_config.d/10-ssh-trust.conf.ssh-trust-old && echo 'old /etc/ssh/sshd_config.d/10-ssh-trust.conf' > .ssh-trust.journal && echo 'NoSuchKeyword yes' > /tmp/new && mv /tmp/new sshd_config.d/10-ssh-trust.conf",
    );
    const { all } = await inHost("ssh-trust-host once", { VAULT_ADDR: "http://127.0.0.1:9" });
    expect(all).toContain("rolled back to what was there before");
    expect(await state()).toBe(before.replace(/\.ssh-trust\.proved\n/, ""));
    await succeeds(inHost("ssh-trust-host once"));
  }, 180_000);

  test("killed when a file was noted, but not changed yet, the next run has nothing to take back", async () => {
    const conf = "/etc/ssh/sshd_config.d/10-ssh-trust.conf";
    await inHost(`ln ${conf} ${conf}.ssh-trust-old && echo 'old ${conf}' > /etc/ssh/.ssh-trust.journal`);
    await succeeds(inHost("ssh-trust-host once"));
    expect((await inHost("ls -A /etc/ssh /etc/ssh/sshd_config.d | grep -E 'work|old|journal'")).stdout).toBe("");
  }, 180_000);

  test("killed at any moment, it leaves certificates that fit their keys, and the next run works", async () => {
    for (let milliseconds = 0; milliseconds < 1200; milliseconds += 100) {
      await inHost(`timeout -s KILL ${String(milliseconds / 1000 + 0.01)} ssh-trust-host once`);
      const { stdout } = await inHost(
        "for k in /etc/ssh/ssh_host_*_key; do cat $k-cert.pub; ssh-keygen -l -f $k.pub | cut -d' ' -f2; done",
      );
      const lines = stdout.split("\n");
      expect(lines).toHaveLength(6);
      for (let at = 0; at < lines.length; at += 2) {
        expect(parseCertificate(lines[at] ?? "").publicKeyFingerprint).toBe(lines[at + 1]);
      }
      expect((await inHost("sshd -t")).exit).toBe(0);
      expect((await strictLogin()).stdout).toBe("admin-ssh-user");
    }
    await succeeds(inHost("ssh-trust-host once"));
    expect((await inHost("ls -A /etc/ssh | grep -E 'work|old|journal'")).stdout).toBe("");
  }, 180_000);

  test("two at once: one after the other", async () => {
    const { all } = await inHost("ssh-trust-host once & ssh-trust-host once; wait");
    expect(all).toMatch(/^(.*host keys signed for localhost.*\s*){2}$/);
  }, 180_000);

  test("it tells when it is due: not after a signing, but for another key", async () => {
    expect(await inHost("ssh-trust-host due")).toMatchObject({ exit: 1 });
    expect(
      (
        await inHost(
          "cd /etc/ssh; mv ssh_host_ed25519_key /tmp/k; ssh-keygen -q -t ed25519 -N '' -f /tmp/new; mv /tmp/new ssh_host_ed25519_key; ssh-trust-host due; e=$?; mv /tmp/k ssh_host_ed25519_key; exit $e",
        )
      ).exit,
    ).toBe(0);
  });
});

describe("runs that end early", () => {
  const state = async (container: string) =>
    (await docker("inspect", "--format", "{{.State.Status}}", labNames.container(container))).stdout;
  const stack = join(lab.settings.labDir, "terraform/stacks/user-ssh");
  /** Its state as it is now, and what a task changes. */
  const changed = async (file: string) => {
    const before = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return () =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs !== before,
        () => false,
      );
  };

  test.each<
    [name: string, moment: string, ready: () => Promise<unknown>, when: () => Promise<() => Promise<boolean>>, says: RegExp]
  >([
    [
      "start-vault",
      "its container is there",
      () => task("stop-vault"),
      () => Promise.resolve(async () => (await state("vault")) !== ""),
      /(Vault|OpenBao) .* (started|runs already)/,
    ],
    [
      "start-vault",
      "its container runs",
      () => task("stop-vault"),
      () => Promise.resolve(async () => (await state("vault")) === "running"),
      /(Vault|OpenBao) .* (started|runs already)/,
    ],
    [
      "terraform-apply-ssh-with-trusted-user-ca",
      "its configuration is written",
      () => Promise.resolve(),
      () => changed(join(stack, "cdk.tf.json")),
      /mount and role user-ssh/,
    ],
    [
      "terraform-apply-ssh-with-trusted-user-ca",
      "Terraform holds the lock",
      () => Promise.resolve(),
      () => changed(join(stack, ".terraform.tfstate.lock.info")),
      /mount and role user-ssh/,
    ],
    [
      "start-ssh-with-trusted-user-ca",
      "its container is there",
      () => task("stop-ssh-with-trusted-user-ca"),
      () => Promise.resolve(async () => (await state("ssh-with-trusted-user-ca")) !== ""),
      /started on 127\.0\.0\.1:\d+|runs already on/,
    ],
    [
      "start-ssh-with-trusted-user-ca",
      "its container runs",
      () => task("stop-ssh-with-trusted-user-ca"),
      () => Promise.resolve(async () => (await state("ssh-with-trusted-user-ca")) === "running"),
      /started on 127\.0\.0\.1:\d+|runs already on/,
    ],
  ])(
    "%s, killed when %s, is recovered by running it again",
    async (name, _moment, ready, when, says) => {
      await ready();
      const moment = await when();
      await killedHalfWay({ name, ready, when: moment });
      const again = await task(name);
      expect(again.all).toMatch(says);
      expect(again.exit).toBe(0);
    },
    120_000,
  );

  test.each([
    ["create-known-hosts", [], /known_hosts: hosts named localhost are trusted/],
    ["sign-user-key", ["alice"], /alice may log in/],
  ] as const)(
    "%s, killed at several parts of the time that it takes, is recovered by running it again",
    async (name, args, says) => {
      const begun = performance.now();
      await succeeds(taskProcess(name, args));
      let whole = performance.now() - begun;
      for (const part of [0.4, 0.6, 0.8, 0.9]) {
        // One that was quicker than the last is started again, and killed earlier.
        for (let landed = false; !landed; whole *= landed ? 1 : 0.8) {
          const killed = started(name, args);
          await pause(whole * part);
          killed.kill("SIGKILL");
          landed = (await killed).signal === "SIGKILL";
        }
        const again = await task(name, args);
        expect(again.all).toMatch(says);
        expect(again.exit).toBe(0);
      }
      expect(await readFile(lab.settings.knownHosts, "utf8")).toMatch(/^@cert-authority localhost ssh-ed25519 \S+\n$/);
    },
    180_000,
  );

  test("Ctrl-C ends with status 130, says what to do, and the next run works", async () => {
    await task("stop-vault");
    const interrupted = started("start-ssh-with-signed-hostkey");
    let said = "";
    interrupted.stderr.on("data", (part: Buffer) => (said += part.toString()));
    await until("it to be at work", 20, () => Promise.resolve(said.includes("doing that first")));
    interrupted.kill("SIGINT");
    const { exitCode, stderr } = await interrupted;
    expect(stderr).toContain("interrupted; no file is half-written, and the same command can be run again");
    expect(exitCode).toBe(130);
    expect((await task("start-ssh-with-signed-hostkey")).exit).toBe(0);
    await task("create-known-hosts");
    expect((await strictLogin()).stdout).toBe("admin-ssh-user");
  }, 180_000);
});
