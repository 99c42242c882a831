/** A host takes its identity, once; what it shows, lets in and says after it. (With systemd and cloud-init: machine.test.ts.) */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ensureImages } from "../../lab/matrix/images.js";
import { runBy } from "../../lab/matrix/script-host.js";
import { lab } from "../support/cloud.js";
import { startMachine, vault, type Machine } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, succeeds } from "../support/project.js";

jest.setTimeout(180_000);

let web: Machine;
const plainKeys = /ssh-ed25519 AAAA/;
/** What a client is shown, without asking for a certificate. */
const answers = () => web.printed("ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null");
const enroll = (env?: Record<string, string>) => web.sh("ssh-trust-host enroll", env);
const dropIn = () => web.printed("cat /etc/ssh/sshd_config.d/10-ssh-trust.conf 2>/dev/null");

beforeAll(async () => {
  await succeeds(task("apply-fleet"));
  await succeeds(task("start-ssh-with-signed-hostkey")); // its image
  web = await startMachine("web-7");
}, 240_000);
afterAll(async () => {
  await docker("rm", "-f", web.container);
});

describe("not enrolled: an alarm, plain keys, and no other way in", () => {
  const expectAlarm = async (reason: RegExp) => {
    for (const command of ["enroll", "renew"])
      expect(await web.sh(`ssh-trust-host ${command}`)).toMatchObject({
        exit: 4,
        stderr: expect.stringMatching(/error: ALARM: /),
      });
    expect((await enroll()).stderr).toMatch(reason);
    expect((await enroll()).stderr).toContain("ssh-trust host reissue web-7.lab.test");
    expect(await answers()).toMatch(plainKeys);
    expect(await dropIn()).toBe("");
    expect(await web.entry()).toBeUndefined();
    expect(await web.printed("ls /etc/ssh-trust")).not.toMatch(/secret-id/);
  };

  test("somebody else took what was handed over", async () => {
    const wrapped = await web.handOver();
    const taken = await vault("sys/wrapping/unwrap", { method: "POST", body: {}, token: wrapped });
    expect(taken.data).toHaveProperty("secret_id");
    await expectAlarm(/SOMEBODY ELSE HAS OPENED IT/);
  });

  test("it has expired", async () => {
    await web.sh("echo 1000000000 >/etc/ssh-trust/wrapped-until");
    await expectAlarm(/has expired/);
  });

  test("what was handed over is another host's", async () => {
    const body = { token_policies: "ssh-trust-host-web" };
    await vault("auth/ssh-trust/hosts/lab.test/role/web-8", { body });
    const { data } = await vault("auth/ssh-trust/hosts/lab.test/role/web-8/secret-id", { body: {}, wrapped: "1h" });
    await web.sh(`printf %s '${String(data["token"])}' >/etc/ssh-trust/wrapped`);
    await expectAlarm(/hosts\/lab\.test\/role\/web-8\/secret-id", and not for it/);
  });

  const elsewhere = "sed 's,^VAULT_ADDR=.*,VAULT_ADDR=http://127.0.0.1:9,' /etc/ssh-trust/host.conf >/tmp/elsewhere.conf";
  const small = "cp /etc/ssh-trust/{role-id,wrapped,wrapped-until} /small/";
  test.each([
    ["Vault does not answer", elsewhere, { SSH_TRUST_CONF: "/tmp/elsewhere.conf" }, /no answer: .*connect/i],
    ["there is no room to keep it", small, { SSH_TRUST_IDENTITY: "/small" }, /\/small has no room for this host's identity/],
    [
      "the role id is missing",
      "mkdir /tmp/id; cp /etc/ssh-trust/wrapped /tmp/id",
      { SSH_TRUST_IDENTITY: "/tmp/id" },
      /no \S*role-id/,
    ],
    ["nothing was handed over", "mkdir /tmp/none", { SSH_TRUST_IDENTITY: "/tmp/none" }, /nothing to enrol with/],
  ] as const)("%s: nothing is used up, and the next try does it", async (_what, prepare, env, reason) => {
    await web.handOver();
    await succeeds(web.sh(prepare));
    expect(await enroll(env)).toMatchObject({ exit: 1, stderr: expect.stringMatching(reason) });
    expect(await answers()).toMatch(plainKeys);
    expect(await enroll()).toMatchObject({ exit: 0 });
  });
});

describe("handed over again after its use", () => {
  let wrapped: string;
  const again = (token = wrapped) => succeeds(web.sh(`printf %s '${token}' >/etc/ssh-trust/wrapped`));
  const files = () => web.printed("ls -A /etc/ssh-trust");
  const elsewhere = "sed 's,^VAULT_ADDR=.*,VAULT_ADDR=http://127.0.0.1:9,' /etc/ssh-trust/host.conf >/tmp/elsewhere.conf";
  /** What a script asks that hands it over. */
  const used = async (token: string, env: Record<string, string> = {}) =>
    (await web.sh(`printf '%s\\n' '${token}' | ssh-trust-host used`, env)).exit;
  const fresh = async () =>
    (await vault("auth/ssh-trust/hosts/lab.test/role/web-7/secret-id", { body: {}, wrapped: "1h" })).data["token"] as string;

  beforeEach(async () => {
    wrapped = await web.handOver();
    expect(await enroll()).toMatchObject({ exit: 0 });
  });

  test("the identity was reissued since, and somebody else took it: an alarm, whatever this host had", async () => {
    const taken = await web.handOver();
    await vault("sys/wrapping/unwrap", { method: "POST", body: {}, token: taken });
    expect(await used(taken)).toBe(1);
    for (const command of ["enroll", "renew"])
      expect(await web.sh(`ssh-trust-host ${command}`)).toMatchObject({
        exit: 4,
        stderr: expect.stringMatching(/ALARM: .*SOMEBODY ELSE HAS OPENED IT/),
      });
    expect(await files()).toContain("wrapped\n");
  });

  test("a copy of this disk has renewed since: an alarm", async () => {
    await web.sh("cp -a /etc/ssh-trust /root/before; ssh-trust-host once; rm -rf /etc/ssh-trust; mv /root/before /etc/ssh-trust");
    expect(await used(wrapped)).toBe(1);
    await again();
    expect(await enroll()).toMatchObject({ exit: 4, stderr: expect.stringContaining("ALARM: ") });
  });

  test("Vault does not answer: another try, and no alarm", async () => {
    await again();
    await succeeds(web.sh(elsewhere));
    expect(await enroll({ SSH_TRUST_CONF: "/tmp/elsewhere.conf" })).toMatchObject({ exit: 1 });
    expect(await used(wrapped, { SSH_TRUST_CONF: "/tmp/elsewhere.conf" })).toBe(1);
    expect(await files()).toContain("wrapped\n");
  });

  test("one that can be opened, and none: these were not used", async () => {
    expect(await used(await fresh())).toBe(1);
    expect((await web.sh("ssh-trust-host used </dev/null")).exit).toBe(1);
  });

  test.each(["enroll", "renew"])(
    "its own identity is good: %s says so, goes on with it, and forgets what was used",
    async (command) => {
      const role = await web.printed("cat /etc/ssh-trust/role-id");
      expect(await used(wrapped)).toBe(0);
      await again();
      const { exit, stderr } = await web.sh(`ssh-trust-host ${command}`);
      expect({ exit, stderr }).toEqual({
        exit: 0,
        stderr: expect.stringContaining("the identity that this host has is still valid"),
      });
      expect(stderr).not.toMatch(/ALARM|error/);
      expect(await files()).toBe("entry-version\nhost.conf\nrole-id\nsecret-id\nwrapped-until");
      expect(await web.printed("cat /etc/ssh-trust/role-id")).toBe(role);
      expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0, stderr: "" });
      expect(await web.entry()).toMatchObject({ problem: "", conflict: false });
    },
  );
});

describe("enrolled", () => {
  let wrapped: string;
  let said: string;
  const secret = () => web.printed("cat /etc/ssh-trust/secret-id");
  const signsIn = async (id: string) => {
    const role_id = await web.printed("cat /etc/ssh-trust/role-id");
    return vault("auth/ssh-trust/hosts/lab.test/login", { body: { role_id, secret_id: id }, token: "" });
  };
  /** By a certificate that Vault signed for these principals, as a client that trusts the CA for this name only. */
  const login = async (principals: string, account = "admin-ssh-user") => {
    await web.sh("[ -f /tmp/key ] || ssh-keygen -q -t ed25519 -N '' -f /tmp/key");
    const public_key = await web.printed("cat /tmp/key.pub");
    const at = principals.endsWith("@db") ? "dba-db" : "web-team-web";
    const { data } = await vault(`cloud-user-ssh/sign/${at}`, { body: { public_key, valid_principals: principals } });
    const { signed_key: certificate = "" } = data as { signed_key?: string };
    const known = "@cert-authority web-7.lab.test $(cat /etc/ssh/ssh-trust-host-ca.pub)";
    return web.sh(
      `echo '${certificate.trim()}' >/tmp/key-cert.pub; echo "${known}" >/tmp/known
       ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none -o UserKnownHostsFile=/tmp/known \
         -o HostKeyAlias=web-7.lab.test -i /tmp/key ${account}@127.0.0.1 id -un`,
    );
  };

  beforeAll(async () => {
    wrapped = await web.handOver();
    const done = await enroll();
    expect(done).toMatchObject({ exit: 0 });
    said = done.all;
  });

  test("whom the group's rule names may log in, as whom it says, and nobody else", async () => {
    expect(await login("admin-ssh-user@web")).toMatchObject({ exit: 0, stdout: "admin-ssh-user" });
    expect(await login("admin-ssh-user@db")).toMatchObject({ exit: 255, stderr: expect.stringContaining("Permission denied") });
    expect(await login("admin-ssh-user@web", "deploy")).toMatchObject({ exit: 255 });
  });

  test("a certificate for the account alone lets nobody in, and an account with a blank is nobody's", async () => {
    const settings = await web.printed(
      "sshd -T -C user=nobody,host=x,addr=127.0.0.1 | grep -iE '^(authorizedprincipals|denyusers)'",
    );
    expect(settings.toLowerCase()).toContain("authorizedprincipalscommand /usr/bin/printf %%s\\n %u@web");
    expect(settings.toLowerCase()).toContain("denyusers * *");
    const public_key = await web.printed("cat /tmp/key.pub");
    const { status } = await vault("cloud-user-ssh/sign/web-team-web", {
      body: { public_key, valid_principals: "admin-ssh-user" },
    });
    expect(status).toBe(400);
  });

  test("what it holds is root's alone, and nothing of what it was handed opens anything", async () => {
    expect(await web.printed("stat -c '%a %U %n' /etc/ssh-trust/* | sort")).toBe(
      ["entry-version", "host.conf", "role-id", "secret-id", "wrapped-until"]
        .map((name) => `600 root /etc/ssh-trust/${name}`)
        .join("\n"),
    );
    expect((await vault("sys/wrapping/unwrap", { method: "POST", body: {}, token: wrapped })).status).toBe(400);
    const left = await web.printed("ls -d /run/ssh-trust* /etc/ssh/.ssh-trust.work* /etc/ssh-trust/.??* 2>/dev/null");
    expect(left).toBe("");
    for (const each of [wrapped, await secret()]) {
      expect(said).not.toContain(each);
      expect(await web.printed(`grep -rlF '${each}' /run /etc/ssh /tmp /var/log 2>/dev/null`)).toBe("");
    }
  });

  test("no argument of a program shows a secret", async () => {
    await web.sh(
      'mkdir -p /usr/local/seen; for each in curl jq ssh; do printf \'#!/bin/sh\\nprintf "%s " "$@" >>/tmp/arguments\\nexec /usr/bin/%s "$@"\\n\' \'%s\' $each >/usr/local/seen/$each; chmod +x /usr/local/seen/$each; done',
    );
    await web.handOver();
    const before = await web.printed("cat /etc/ssh-trust/wrapped");
    expect(
      await web.sh("ssh-trust-host enroll", { PATH: "/usr/local/seen:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" }),
    ).toMatchObject({
      exit: 0,
    });
    const seen = await web.printed("cat /tmp/arguments");
    expect(seen).toContain("--config -");
    for (const each of [before, await secret(), await web.printed("cat /etc/ssh-trust/role-id")])
      expect(seen).not.toContain(each);
  });

  test("its entry says what it is", async () => {
    expect(await web.entry()).toMatchObject({
      schema: 1,
      host: "web-7.lab.test",
      group: "web",
      problem: "",
      conflict: false,
      openssh: expect.stringMatching(/^OpenSSH_9\.2/),
      certificates: [expect.stringMatching(/-cert-v01@/), expect.anything(), expect.anything()],
      keys: [expect.stringMatching(/^ssh-rsa /), expect.anything(), expect.stringMatching(/^ssh-ed25519 /)],
      userCas: [expect.stringMatching(/^SHA256:/)],
    });
    // A third of 24 h, or up to a quarter less: when it is renewed, from its first certificate on.
    const { next = 0, written = 0 } = (await web.entry()) as { next?: number; written?: number };
    expect((next - written) / 3600).toBeGreaterThan(5.5);
    expect((next - written) / 3600).toBeLessThan(8);
    expect(/renewal in (\d+) s/.exec(said)?.[1]).toMatch(/^2\d{4}$/);
  });

  test("whom else sshd lets in, and whom not, is said and stays: in its journal, and in its entry", async () => {
    const settings = [
      ...[
        "AuthorizedKeysFile none",
        "PasswordAuthentication yes",
        "AllowUsers admin-ssh-user",
        "AllowUsers root",
        "DenyGroups x",
      ],
      ...["Match User deploy", "X11Forwarding no", "PasswordAuthentication no # never", "authorizedkeysfile /keys/%%u"],
      ...['Match Group "x" Address 10.0.0.0/8', "\\tGSSAPIAuthentication=yes\\r", "Match all", "AllowGroups y"],
    ]
      .map((line) => `${line}\\n`)
      .join("");
    await succeeds(web.sh(`printf '${settings}' >/etc/ssh/sshd_config.d/05-mine.conf; pkill -HUP -o sshd; sleep 1`));
    const { exit, stderr } = await web.sh("ssh-trust-host once");
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: expect.stringContaining("note: sshd lets in nobody but admin-ssh-user root"),
    });
    expect((await web.entry())?.["otherWays"]).toEqual([
      expect.stringContaining("anyone with an account's password"),
      "sshd lets in nobody but admin-ssh-user root (allowusers)",
      "sshd lets in nobody but y (allowgroups)",
      "sshd does not let in x (denygroups)",
      "sshd has in Match blocks: authorizedkeysfile /keys/%u (Match User deploy, /etc/ssh/sshd_config.d/05-mine.conf:9); " +
        "GSSAPIAuthentication yes (Match Group x Address 10.0.0.0/8, /etc/ssh/sshd_config.d/05-mine.conf:11)",
    ]);
    await succeeds(web.sh("rm /etc/ssh/sshd_config.d/05-mine.conf; pkill -HUP -o sshd; sleep 1; ssh-trust-host once"));
    expect((await web.entry())?.["otherWays"]).toContainEqual(expect.stringMatching(/with a key in .*authorized_keys/));
  });

  test("with each certificate, the identity is another; the one before is worth nothing", async () => {
    const first = await secret();
    expect((await signsIn(first)).status).toBe(200);
    expect(await web.sh("ssh-trust-host once")).toMatchObject({ exit: 0 });
    expect(await secret()).not.toBe(first);
    expect((await signsIn(first)).status).toBe(400);
    expect((await signsIn(await secret())).status).toBe(200);
  });

  test("nothing due: renew proves and ends, and Vault is not asked", async () => {
    const { data } = await vault("ssh-trust/metadata/hosts/web-7.lab.test");
    expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0, stderr: "" });
    expect((await vault("ssh-trust/metadata/hosts/web-7.lab.test")).data["current_version"]).toBe(data["current_version"]);
  });

  test("what Vault refuses is in the entry, with the time that it began; then it is gone", async () => {
    await web.sh("sed -i 's,sign/web$,sign/db,' /etc/ssh-trust/host.conf");
    expect(await web.sh("ssh-trust-host once")).toMatchObject({ exit: 1 });
    const first = await web.entry();
    expect(first).toMatchObject({ problem: expect.stringContaining("cloud-host-ssh/sign/db"), since: expect.any(Number) });
    await web.sh("sleep 1; ssh-trust-host once");
    expect(await web.entry()).toMatchObject({ since: first?.["since"] });
    await web.sh("sed -i 's,sign/db$,sign/web,' /etc/ssh-trust/host.conf; ssh-trust-host once");
    expect(await web.entry()).toMatchObject({ problem: "", since: 0 });
  });

  test("settings of ours that sshd does not take: the entry says so, and which keys and certificates it has all the same", async () => {
    await succeeds(web.sh("rm /etc/ssh/sshd_config.d/10-ssh-trust.conf; cp -p /etc/ssh/sshd_config /tmp/config"));
    const below = "sed '/^Include/d' /tmp/config; echo 'Match User nobody'; grep '^Include' /tmp/config";
    await succeeds(web.sh(`{ ${below}; } >/etc/ssh/sshd_config`));
    expect(await web.sh("ssh-trust-host once")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("within a Match block"),
    });
    const { keys, certificates, problem } = (await web.entry()) as { keys: string[]; certificates: string[]; problem: string };
    expect([keys.length, certificates.length, problem]).toEqual([3, 3, expect.stringContaining("rejects the new settings")]);
    await succeeds(web.sh("cp -p /tmp/config /etc/ssh/sshd_config; ssh-trust-host once"));
    expect(await web.entry()).toMatchObject({ problem: "" });
  });

  /** Ends the script with a curl that kills it: once this many requests to a path have been answered. */
  const killedAfter = (path: string) =>
    web.sh(
      `mkdir -p /usr/local/killing
       printf '#!/bin/sh\\ncat >/run/request\\n/usr/bin/curl "$@" </run/request; code=$?\\nif grep -q "%s.$" /run/request; then rm /run/request; kill -9 -$(cat /run/group); fi\\nrm -f /run/request; exit $code\\n' '${path}' >/usr/local/killing/curl
       chmod +x /usr/local/killing/curl
       PATH=/usr/local/killing:$PATH setsid --wait sh -c 'echo $$ >/run/group; exec ssh-trust-host "$0"' "$([ -e /etc/ssh-trust/wrapped ] && echo enroll || echo once)"`,
    );

  test.each([
    ["sys/wrapping/unwrap", 4],
    ["role/web-7/secret-id", 0],
    ["secret-id/destroy", 0],
    ["data/hosts/web-7.lab.test", 0],
  ] as const)("killed once Vault has answered to %s: sshd answers, and the same command ends with %d", async (path, exit) => {
    await web.handOver();
    expect(await killedAfter(path)).toMatchObject({ exit: 9 }); // the signal, as setsid tells it;
    expect(await answers()).toMatch(plainKeys);
    const again = await enroll();
    expect(again).toMatchObject({ exit });
    if (exit === 4) {
      expect(again.stderr).toMatch(/this host stopped while it was opening it/);
      return;
    }
    expect(await web.entry()).toMatchObject({ problem: "", conflict: false });
    expect(await web.printed("ls -A /etc/ssh-trust")).toBe("entry-version\nhost.conf\nrole-id\nsecret-id\nwrapped-until");
    expect((await signsIn(await secret())).status).toBe(200);
  });

  test("a copy of its disk: the first that renews goes on, the other is refused, and says why", async () => {
    await web.handOver();
    expect(await enroll()).toMatchObject({ exit: 0 });
    await web.sh("cp -a /etc/ssh-trust /root/copied");
    expect(await web.sh("ssh-trust-host once")).toMatchObject({ exit: 0 });
    await web.sh("rm -rf /etc/ssh-trust; cp -a /root/copied /etc/ssh-trust");
    expect(await web.sh("ssh-trust-host once")).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/Vault refuses this host's identity .*a copy of this disk used it first/),
    });
    expect(await answers()).toMatch(plainKeys);
  });

  test("two machines that write one entry are told, and it says so", async () => {
    await web.handOver();
    expect(await enroll()).toMatchObject({ exit: 0 });
    await vault("ssh-trust/data/hosts/web-7.lab.test", { body: { data: await web.entry() } }); // the other machine
    expect((await web.sh("ssh-trust-host once")).stderr).toMatch(/ALARM: another machine reports as this host, so/);
    expect(await web.entry()).toMatchObject({ conflict: true });
  });
});

/** But for those that busybox lacks: curl, jq, flock, OpenSSH's. (What does not need an identity is in the matrix.) */
describe("with busybox's shell and tools", () => {
  let host: Machine;
  beforeAll(async () => {
    await ensureImages(lab, ["bookworm"]); // of the matrix, which has busybox
    host = await startMachine("web-9", { image: "openssh-bookworm" });
    await succeeds(host.sh(runBy("busybox ash")));
    await succeeds(host.sh("grep -q '^#!/bin/busybox ash' /usr/local/sbin/ssh-trust-host && [ -L /opt/busybox/awk ]"));
  }, 240_000);
  afterAll(async () => {
    await docker("rm", "-f", host.container);
  });

  test("somebody else took what was handed over: an alarm, and until when it was good", async () => {
    await host.handOver();
    await host.sh("echo x >/etc/ssh-trust/wrapped");
    expect(await host.sh("ssh-trust-host enroll")).toMatchObject({
      exit: 4,
      stderr: expect.stringMatching(
        /ALARM: .* it was good until \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}, so SOMEBODY ELSE HAS OPENED IT/,
      ),
    });
  });

  test("it enrols, renews, and a copy of its disk is refused", async () => {
    await host.handOver();
    await host.sh("printf 'Match User x\\n AllowUsers y\\n' >/etc/ssh/sshd_config.d/05-mine.conf");
    expect(await host.sh("ssh-trust-host enroll")).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("enrolled as web-9.lab.test"),
    });
    expect(await host.entry()).toMatchObject({
      problem: "",
      certificates: [expect.stringMatching(/-cert-v01@/), expect.anything(), expect.anything()],
      addresses: [expect.stringMatching(/^[0-9.]+$/)],
      otherWays: expect.arrayContaining([expect.stringContaining("AllowUsers y (Match User x, ")]),
    });
    await host.sh("cp -a /etc/ssh-trust /root/copied");
    const serial = () => host.printed("ssh-keygen -L -f /etc/ssh/ssh_host_ed25519_key-cert.pub | grep Serial");
    const first = await serial();
    expect(await host.sh("ssh-trust-host once")).toMatchObject({ exit: 0 });
    expect(await serial()).not.toBe(first);
    expect(await host.sh("ssh-trust-host renew")).toMatchObject({ exit: 0, stderr: "" });
    await host.sh("rm -rf /etc/ssh-trust; cp -a /root/copied /etc/ssh-trust");
    expect(await host.sh("ssh-trust-host once")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("a copy of this disk used it first"),
    });
  });
});
