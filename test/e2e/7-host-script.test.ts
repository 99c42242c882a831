/**
 * ssh-trust-host on hosts that are not as one thinks: it asks sshd and the key files, signs what can be signed, says what it
 * leaves out, and asks for no second certificate where the first could not be proved. (The matrix has it on each OpenSSH and in
 * each shell; what must not be installed is in faults.test.ts.)
 */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { taskInHost as task } from "../support/in-host.js";
import { docker, labNames, run, succeeds, until, type Ran } from "../support/project.js";
import { lab } from "../support/cloud.js";

const host = labNames.container("host-script");
const here = (script: string, env: Record<string, string> = {}): Promise<Ran> =>
  docker("exec", ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]), host, "bash", "-c", script);
const printed = async (script: string) => (await here(script)).stdout;
const once = (env: Record<string, string> = {}) => here("ssh-trust-host once", env);

const vault = async (path: string, body: unknown) => {
  const headers = { "X-Vault-Token": "root-token" };
  const answer = await fetch(`${lab.vault.address}/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBeLessThan(300);
};
const without = (path: string) =>
  fetch(`${lab.vault.address}/v1/${path}`, { method: "DELETE", headers: { "X-Vault-Token": "root-token" } });

const role = { key_type: "ca", allow_host_certificates: true, allowed_domains: "localhost", allow_bare_domains: true, ttl: "1h" };

/** What the script changes. */
const state = () => printed("cd /etc/ssh && cat *-cert.pub ssh-trust-*.pub sshd_config.d/* 2>/dev/null | sha256sum; ls");
/** Requests for a signature, counted by a curl before curl. */
const signatures = () => printed("cat /tmp/signatures 2>/dev/null | wc -l");
const reloads = () => printed("grep -c SIGHUP /var/log/sshd || true");
const certified = () => printed("cd /etc/ssh && ls *-cert.pub");
const sshd = (options = "") => succeeds(here(`: >/var/log/sshd; /usr/sbin/sshd -E /var/log/sshd ${options}`));

jest.setTimeout(180_000);

beforeAll(async () => {
  await succeeds(task("generate-host-signing-key"));
  await succeeds(task("start-ssh-with-signed-hostkey")); // its image, and the role for localhost
  await docker("rm", "-f", host);
  const env = Object.entries({
    VAULT_ADDR: `http://${labNames.container("vault")}:8200`,
    SSH_TRUST_ALLOW_HTTP: "yes",
    SSH_TRUST_PRINCIPALS: "localhost",
    SSH_TRUST_RETRY_MAX: "2",
    PATH: "/usr/local/counting:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  }).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const place = ["--name", host, "--network", labNames.network, "--entrypoint", "tini"];
  await succeeds(docker("run", "-d", ...place, ...env, labNames.image("sshd"), "--", "sleep", "1200"));
  await run("docker", ["exec", "-i", host, "sh", "-c", "cat >/run/secrets/vault-token"], { input: "root-token" });
  const curl =
    'cat >/tmp/request.$$; ! grep -q /sign/ /tmp/request.$$ || echo >>/tmp/signatures; /usr/bin/curl "$@" </tmp/request.$$';
  await succeeds(
    here(
      `ssh-keygen -qA; mkdir -p /usr/local/counting; echo '${curl}' >/usr/local/counting/curl; chmod +x /usr/local/counting/curl; cp -a /etc/ssh /root/ssh`,
    ),
  );
}, 240_000);

beforeEach(async () => {
  await here(
    "for p in /proc/[0-9]*; do case $(cat $p/comm) in sshd) kill -9 ${p#/proc/};; esac; done; rm -rf /etc/ssh /tmp/*; cp -a /root/ssh /etc/ssh; mkdir -p /run/sshd",
  );
});

afterAll(async () => {
  await docker("rm", "-f", host);
});

describe("no success without a proof, and no second signature for want of one", () => {
  test("where no sshd runs, it says that nothing is proved, and watch signs once and goes on proving", async () => {
    const { all, exit } = await once();
    expect(all).toMatch(/not proved: no sshd answers at 127\.0\.0\.1 22: .*Connection refused/);
    expect(all).toMatch(/host keys signed for localhost by SHA256:\S+ and installed, but not proved yet$/);
    expect(exit).toBe(3);
    expect((await here("ssh-trust-host due")).exit).toBe(0);

    const watched = await here("timeout 9 ssh-trust-host watch");
    expect(watched.all.match(/not proved: no sshd answers/g)?.length).toBeGreaterThan(2);
    expect(await signatures()).toBe("3");

    await sshd();
    await here("timeout 5 ssh-trust-host watch");
    expect((await here("ssh-trust-host due")).exit).toBe(1);
    expect(await signatures()).toBe("3");
  }, 180_000);

  test("where another address is named than sshd's: nothing is changed, no reload, and the same certificates the next time", async () => {
    await sshd();
    const before = await state();
    for (let time = 0; time < 2; time++) {
      const { all, exit } = await once({ SSH_TRUST_LISTEN: "127.0.0.1 9" });
      expect(all).toMatch(/sshd runs, but does not answer at 127\.0\.0\.1 9: nothing is changed; SSH_TRUST_LISTEN/);
      expect(exit).toBe(1);
    }
    expect(await state()).toBe(before);
    expect(await reloads()).toBe("0");
    await succeeds(once());
    expect(await signatures()).toBe("3");
  }, 180_000);

  test("where another sshd answers: rolled back, with the client's reason, and the same certificates the next time", async () => {
    await sshd();
    await here("ssh-keygen -q -t ed25519 -N '' -f /tmp/other; /usr/sbin/sshd -f /dev/null -h /tmp/other -p 2222 -o PidFile=none");
    const before = await state();
    const { all, exit } = await once({ SSH_TRUST_LISTEN: "127.0.0.1 2222" });
    expect(all).toMatch(
      /sshd at 127\.0\.0\.1 2222 does not present the certificate of \/etc\/ssh\/\S+ .*no matching host key type found[\s\S]*rolled back/,
    );
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
    await succeeds(once());
    expect(await signatures()).toBe("3");
  }, 180_000);

  test("where a server greets and falls silent, it gives up, and nothing is left behind", async () => {
    const greet =
      '$s = IO::Socket::INET->new(Listen => 5, LocalPort => 2299); while ($c = $s->accept) { print $c "SSH-2.0-x\\r\\n"; push @k, $c }';
    await sshd();
    await docker("exec", "-d", host, "perl", "-MIO::Socket::INET", "-e", greet.replaceAll("\\\\", "\\"));
    const before = await state();
    const { all, exit } = await once({ SSH_TRUST_LISTEN: "127.0.0.1 2299" });
    expect(all).toMatch(/not proved: sshd at 127\.0\.0\.1 2299 does not present[\s\S]*rolled back/);
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
  });

  test("where Vault's certificates are due at once, watch says so and waits", async () => {
    await vault("host-ssh/roles/short", { ...role, ttl: "20s", not_before_duration: "600s" });
    await sshd();
    const { all } = await here("timeout 8 ssh-trust-host watch", {
      SSH_TRUST_HOST_SIGN: "host-ssh/sign/short",
      SSH_TRUST_RETRY_MAX: "60",
    });
    await without("host-ssh/roles/short");
    expect(all).toMatch(/due for renewal at once: is the role's ttl too short\?|is not valid now/);
    expect(Number(await signatures())).toBeLessThan(19);
  });

  test.each([
    ["ahead of", 7200],
    ["behind", -7200],
  ])("where this clock is two hours %s Vault's, nothing is asked for", async (where, seconds) => {
    await sshd();
    const clock = "/usr/local/counting/date";
    await here(`printf '#!/bin/sh\\necho $(($(/bin/date -u +%%s) + ${String(seconds)}))\\n' >${clock}; chmod +x ${clock}`);
    const { all, exit } = await once();
    await here(`rm ${clock}`);
    expect(all).toMatch(RegExp(`this host's clock is 7[12]\\d\\d s ${where} Vault's: nothing was requested`));
    expect(exit).toBe(1);
    expect(await signatures()).toBe("0");
  });

  test("what was proved is looked at again: settings that are gone, other names, another CA, and by watch when it starts", async () => {
    await sshd();
    await succeeds(once());
    const due = async (env: Record<string, string> = {}) => (await here("ssh-trust-host due", env)).exit === 0;
    expect(await due()).toBe(false);
    expect(await due({ SSH_TRUST_PRINCIPALS: "web.lab.test" })).toBe(true);
    expect(await due({ SSH_TRUST_HOST_CA: "SHA256:another" })).toBe(true);
    await here("mv /etc/ssh/sshd_config.d/10-ssh-trust.conf /tmp/conf");
    expect(await due()).toBe(true);
    await here("mv /tmp/conf /etc/ssh/sshd_config.d/10-ssh-trust.conf");
    const seen = await printed("grep -c 'Connection closed' /var/log/sshd");
    const { exit } = await here("ssh-trust-host watch & sleep 4; kill $!; wait $!");
    expect(exit).toBe(0); // it was asked to end
    expect(await printed("grep -c 'Connection closed' /var/log/sshd")).not.toBe(seen);
    expect(await signatures()).toBe("3");
  });

  test("certificates for other names, or of another CA, are not used again", async () => {
    await sshd();
    await once({ SSH_TRUST_LISTEN: "127.0.0.1 9" });
    const { all } = await once({ SSH_TRUST_PRINCIPALS: "elsewhere" });
    expect(all).toContain("no host key was signed: Vault at");
    expect(all).toContain("elsewhere is not a valid value for valid_principals");
    expect(Number(await signatures())).toBe(6);
  }, 180_000);
});

describe("what sshd says counts, whatever the usual path or name", () => {
  test.each([
    ["another port and pid file, by options", "-p 2222 -o PidFile=/tmp/elsewhere.pid"],
    ["another address, by a setting", "-o ListenAddress=127.0.0.2"],
    ["several ports", "-o Port=2201 -o Port=2202"],
    ["no pid file, and an option with a blank in it", "-o PidFile=none -o 'Banner /etc/issue'"],
    ["a configuration that is named", "-f /etc/ssh/sshd_config"],
    ["several options in one word", "-4ep2203"],
  ])("%s", async (_what, options) => {
    await sshd(options);
    const { all, exit } = await once();
    expect(all).toContain("host keys signed for localhost");
    expect(exit).toBe(0);
  });

  test.each([
    ["Match LocalPort", "Match LocalPort 2222\\n  X11Forwarding no\\n"],
    ["Match User and Address at the end", "Match User git Address 10.0.0.0/8\\n  PasswordAuthentication no\\n"],
    [
      "the settings of a hardened host",
      "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519\\nMaxStartups 2:50:4\\nMaxAuthTries 1\\n",
    ],
  ])("%s", async (_what, lines) => {
    await here(`printf '${lines}' >>/etc/ssh/sshd_config`);
    await sshd();
    expect((await once()).exit).toBe(0);
  });

  test("a folder that is there only while sshd runs", async () => {
    await here("rmdir /run/sshd");
    expect((await once()).exit).toBe(3);
  });

  test("a configuration that sshd does not take: its own words, and nothing is asked for", async () => {
    await sshd();
    await here("echo 'NoSuchKeyword yes' >>/etc/ssh/sshd_config");
    const { all, exit } = await once();
    expect(all).toMatch(/sshd rejects \/etc\/ssh\/sshd_config: .*line \d+: Bad configuration option: NoSuchKeyword/);
    expect(exit).toBe(1);
    expect(await signatures()).toBe("0");
    expect((await here("ssh-trust-host due")).exit).toBe(0);
  });

  test.each([
    [
      "no Include",
      "sed -i /^Include/d /etc/ssh/sshd_config",
      /sshd does not read \S+10-ssh-trust\.conf: \/etc\/ssh\/sshd_config needs, as its first line: Include/,
    ],
    [
      "another certificate for a key that comes later",
      "cd /tmp && ssh-keygen -q -t ed25519 -N '' -f ca && cp /etc/ssh/ssh_host_rsa_key.pub theirs.pub && ssh-keygen -q -s ca -h -I x -n localhost theirs.pub && echo 'HostCertificate /tmp/theirs-cert.pub' >/etc/ssh/sshd_config.d/50-redhat.conf",
      /sshd shows another certificate for \/etc\/ssh\/ssh_host_rsa_key: \/tmp\/theirs-cert\.pub, set at \/etc\/ssh\/sshd_config\.d\/50-redhat\.conf:1/,
    ],
    [
      "another user CA that comes first",
      "cp /etc/ssh/ssh_host_rsa_key.pub /tmp/ca.pub; echo 'TrustedUserCAKeys /tmp/ca.pub' >/etc/ssh/sshd_config.d/05-company.conf",
      /sshd trusts another user CA: TrustedUserCAKeys \/tmp\/ca\.pub, set at \/etc\/ssh\/sshd_config\.d\/05-company\.conf:1/,
    ],
  ])("%s: told with file and line, and rolled back before any reload", async (_what, prepare, says) => {
    await succeeds(here(prepare));
    await sshd();
    const before = await state();
    const { all, exit } = await once({ SSH_TRUST_USER_MOUNT: "host-ssh" });
    expect(all).toMatch(says);
    expect(all).toContain("rolled back to what was there before");
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
    expect(await reloads()).toBe("0");
  });
});

describe("in a container without CAP_SYS_PTRACE, with fewer capabilities than sshd has: as the service there", () => {
  const fewer = "setpriv --bounding-set -all,+kill,+dac_read_search --inh-caps -all";
  const onceWithFewer = () => here(`${fewer} ssh-trust-host once`);
  beforeEach(() => here("rm -f /run/sshd.pid"));

  const named = /process \d+ seems to be sshd, but .* may not see which program it is, .*: run ssh-trust-host renew as root/;
  const none = /no sshd was found among the processes, .*: run ssh-trust-host renew as root/;
  test.each([
    ["there is no pid file", "rm /run/sshd.pid", none],
    ["all may write the pid file", "chmod 0666 /run/sshd.pid", none],
    ["the pid file names something else", "echo 1 >/run/sshd.pid", none],
    [
      "it names a process of a user's that calls itself so",
      "cp /bin/sleep /tmp/sshd; setpriv --reuid deploy --clear-groups bash -c \"exec -a 'sshd: /usr/sbin/sshd -D [listener]' /tmp/sshd 60\" & echo $! >/run/sshd.pid; sleep 1",
      named,
    ],
    [
      "it names a process of root's that runs as something else",
      "cp /bin/sleep /tmp/sshd; bash -c \"exec -a '/tmp/sshd' /tmp/sshd 60\" & echo $! >/run/sshd.pid; sleep 1",
      named,
    ],
  ])("%s: nothing is signalled, what was there before is back, and it says what to do", async (_what, prepare, says) => {
    await sshd();
    const exe = `${fewer} readlink /proc/$(cat /run/sshd.pid)/exe`;
    expect((await here(exe)).stdout).toBe("");
    await succeeds(here(`{ ${prepare}; } >/dev/null 2>&1`));
    const before = await state();
    const { all, exit } = await onceWithFewer();
    expect(all).toMatch(says);
    expect(exit).toBe(1);
    expect(await state()).toBe(before);
    expect(await reloads()).toBe("0");
    expect(await printed('p=$(cat /run/sshd.pid 2>/dev/null); [ -z "$p" ] || [ -d /proc/$p ] || echo ended')).toBe("");
  });

  test.each([
    ["sshd's pid file", "true"],
    ["one that its settings name", "echo 'PidFile /run/other.pid' >/etc/ssh/sshd_config.d/01-pid.conf"],
  ])("sshd is found by %s, and told", async (_what, prepare) => {
    await succeeds(here(prepare));
    await sshd();
    const { all, exit } = await onceWithFewer();
    expect(all).toContain("host keys signed for localhost");
    expect(exit).toBe(0);
    expect(await reloads()).toBe("1");
  });
});

describe("what can be signed is signed, and what is left out is named", () => {
  const withKeys = async (prepare: string, keys: readonly string[], settings = "") => {
    await succeeds(here(`cd /etc/ssh && ${prepare}`));
    const lines = [settings, ...keys.map((key) => `HostKey "/etc/ssh/${key}"`)].join("\\n");
    await here(`printf '${lines}\\n' >/etc/ssh/sshd_config.d/20-keys.conf`);
    await sshd();
    return once();
  };

  test("keys with other names than usual, one with a blank, one without its public file, one with another's", async () => {
    const { all, exit } = await withKeys(
      "ssh-keygen -q -t ed25519 -N '' -f 'my key' && ssh-keygen -q -t ecdsa -b 384 -N '' -f ssh_host_rsa_key2 && rm ssh_host_rsa_key2.pub && cp ssh_host_ed25519_key.pub ssh_host_rsa_key.pub",
      ["my key", "ssh_host_rsa_key2", "ssh_host_rsa_key"],
    );
    expect(all).not.toContain("left out");
    expect(exit).toBe(0);
    expect(await certified()).toBe("my key-cert.pub\nssh_host_rsa_key-cert.pub\nssh_host_rsa_key2-cert.pub");
  });

  test("a key that is in an agent only", async () => {
    const { all, exit } = await withKeys(
      "ssh-agent -a /tmp/agent >/dev/null && SSH_AUTH_SOCK=/tmp/agent ssh-add -q ssh_host_ed25519_key && rm ssh_host_ed25519_key",
      ["ssh_host_ed25519_key.pub", "ssh_host_rsa_key"],
      "HostKeyAgent /tmp/agent",
    );
    expect(all).not.toContain("left out");
    expect(exit).toBe(0);
    expect(await certified()).toBe("ssh_host_ed25519_key-cert.pub\nssh_host_rsa_key-cert.pub");
  });

  test.each([
    [
      "a second key of a type",
      "ssh-keygen -q -t rsa -N '' -f odd",
      "sshd presents only the first of its keys of the type ssh-rsa",
    ],
    ["a key behind a passphrase", "ssh-keygen -q -t ecdsa -N secret -f odd", "sshd does not load it: incorrect passphrase"],
    [
      "a key that all may read",
      "ssh-keygen -q -t ecdsa -N '' -f odd && chmod 0644 odd",
      "sshd does not load it: bad permissions",
    ],
    ["a file that is no key", "echo garbage >odd && chmod 0600 odd", "odd: "],
    ["a file that is not there", "true", "there is no such file"],
    [
      "a key whose certificates sshd's settings leave out",
      "ssh-keygen -q -t ecdsa -N '' -f odd",
      "sshd's HostKeyAlgorithms name no certificates",
      "HostKeyAlgorithms -ecdsa*",
    ],
  ])("%s", async (_what, prepare, says, settings = "") => {
    const { all, exit } = await withKeys(prepare, ["ssh_host_rsa_key", "odd"], settings);
    expect(all).toMatch(/left out: \/etc\/ssh\/odd: /);
    expect(all).toContain(says);
    expect(exit).toBe(0);
    expect(await certified()).toBe("ssh_host_rsa_key-cert.pub");
    expect((await here("ssh-trust-host due")).exit).toBe(1); // it is not signed again and again for what is left out
  });

  test("a key that Vault does not sign", async () => {
    await vault("host-ssh/roles/sizes", {
      ...role,
      allowed_user_key_lengths: { rsa: [2048], ed25519: 0 },
    });
    try {
      await sshd();
      const { all, exit } = await once({ SSH_TRUST_HOST_SIGN: "host-ssh/sign/sizes" });
      expect(all).toMatch(/left out: \/etc\/ssh\/ssh_host_rsa_key: Vault at .*key/);
      expect(exit).toBe(0);
      expect(await certified()).toBe("ssh_host_ed25519_key-cert.pub");
      expect((await here("ssh-trust-host due")).exit).toBe(1);
    } finally {
      await without("host-ssh/roles/sizes");
    }
  });

  test("none: said, key by key", async () => {
    const { all, exit } = await withKeys("true", ["ssh_host_rsa_key"], "HostKeyAlgorithms rsa-sha2-512");
    expect(all).toContain(
      "left out: /etc/ssh/ssh_host_rsa_key: sshd's HostKeyAlgorithms name no certificates of the type ssh-rsa",
    );
    expect(all).toContain("error: sshd has no host key that can be certified");
    expect(exit).toBe(1);
    expect(await signatures()).toBe("0");
  });
});

describe("nobody but root has a say", () => {
  test("a user's setuid program that calls itself sshd is neither run nor signalled", async () => {
    const theirs = "/home/deploy/x";
    await succeeds(
      here(
        `printf '#!/bin/sh\\necho ran as $(id -un) >>/tmp/evil\\n' >${theirs}; chmod 755 /home/deploy ${theirs}; mkfifo -m 666 /tmp/fifo; ln -sf /bin/su /home/deploy/sshd`,
      ),
    );
    const asUser = `exec 3<>/tmp/fifo; exec -a 'sshd: ${theirs} -D [listener] 0 of 10-100 startups' /home/deploy/sshd - <&3`;
    await docker("exec", "-d", "-u", "deploy", host, "bash", "-c", asUser);
    await docker("exec", "-d", "-u", "deploy", host, "bash", "-c", asUser.replace(/sshd: (\S+) [^']*/, "$1"));
    await until(
      "it to run",
      10,
      async () => (await printed("cat /proc/[0-9]*/comm")).split("\n").filter((name) => name === "sshd").length === 2,
    );
    await sshd();
    await succeeds(once());
    expect(await printed("cat /tmp/evil 2>/dev/null")).toBe("");
    const listening = async () => (await printed("cat /proc/[0-9]*/comm")).split("\n").filter((name) => name === "sshd").length;
    await until("the proof's own connections to end", 10, async () => (await listening()) === 3);
  });

  test("a token that is changed into a setting of curl's is not handed to it", async () => {
    await sshd();
    await here("cp /run/secrets/vault-token /tmp/token; printf 'x\\noutput = \"/tmp/injected\"\\n' >/run/secrets/vault-token");
    const { all, exit } = await once();
    await here("cp /tmp/token /run/secrets/vault-token");
    expect(all).toContain("the token holds a quote, a backslash or a line break");
    expect(exit).toBe(1);
    expect((await here("ls /tmp/injected")).exit).not.toBe(0);
  });

  test.each([
    ["SSH_TRUST_RETRY_MAX", "5m", "is not a whole number of seconds"],
    ["SSH_TRUST_LISTEN", "127.0.0.1:22", "is not an address, a blank and a port"],
    ["SSH_TRUST_HOST_SIGN", 'x/sign/y"', "holds a quote"],
  ])("%s=%s is refused before anything is done", async (name, value, says) => {
    const { all, exit } = await once({ [name]: value });
    expect(all).toContain(`${name} ${says}`);
    expect(exit).toBe(1);
  });
});

describe("whatever fails at whatever step, what worked before is back", () => {
  const failing = "/usr/local/counting/mv";
  /** An mv that fails once, at its nth call. */
  const failAt = (n: number) =>
    here(
      `rm -f /tmp/calls; printf '#!/bin/sh\necho >>/tmp/calls; [ $(wc -l </tmp/calls) -ne ${String(n)} ] || exit 1; exec /bin/mv "$@"\n' >${failing}; chmod +x ${failing}`,
    );
  afterAll(() => here(`rm -f ${failing}`));

  // Three certificates, the host's CA, the users' CA, sshd's settings.
  test.each([1, 3, 5, 6])(
    "the file number %d cannot be put in its place",
    async (n) => {
      await sshd();
      const users = { SSH_TRUST_USER_MOUNT: "host-ssh" };
      for (const certified of [false, true]) {
        if (certified) await succeeds(once(users));
        const before = await state();
        await failAt(n);
        const { all, exit } = await once(users);
        await here(`rm ${failing}`);
        expect(all).toContain("rolled back to what was there before");
        expect(exit).toBe(1);
        expect(await state()).toBe(before);
        expect(await reloads()).toBe(certified ? "1" : "0");
        expect(await printed("ls -A /etc/ssh /etc/ssh/sshd_config.d | grep -E 'old|journal|work'")).toBe("");
      }
    },
    30_000,
  );
});

test("a folder where a certificate belongs: said, and nothing is changed", async () => {
  await sshd();
  await here("mkdir /etc/ssh/ssh_host_rsa_key-cert.pub");
  const before = await state();
  const { all, exit } = await once();
  expect(all).toContain("/etc/ssh/ssh_host_rsa_key-cert.pub is a folder");
  expect(exit).toBe(1);
  expect(await state()).toBe(before);
  await here("echo localhost >/etc/ssh/.ssh-trust.proved");
  for (const shell of ["dash", "bash"])
    expect(await here(`${shell} /usr/local/sbin/ssh-trust-host due`)).toMatchObject({ exit: 0, all: "" });
});

test("where nobody can hear it, it does its work all the same", async () => {
  await sshd();
  expect((await here("ssh-trust-host once 2>/dev/full")).exit).toBe(0);
  expect((await here("SSH_TRUST_USER_MOUNT=nowhere ssh-trust-host once 2>/dev/full")).exit).toBe(1);
  expect((await here("ssh-trust-host prove")).exit).toBe(0);
});

test("without a mount of users, whom sshd lets in stays as it is", async () => {
  await sshd();
  await succeeds(once({ SSH_TRUST_USER_MOUNT: "host-ssh" }));
  await succeeds(once());
  expect(await printed("sshd -T | grep -i trustedusercakeys")).toBe("trustedusercakeys /etc/ssh/ssh-trust-user-ca.pub");
});

describe("names and keys in the forms that people write", () => {
  test("capitals, a final dot, blanks, doubles", async () => {
    await sshd();
    const { all, exit } = await once({ SSH_TRUST_PRINCIPALS: " LocalHost. ,localhost,," });
    expect(all).toContain("host keys signed for localhost by");
    expect(exit).toBe(0);
  });

  test.each([
    ["in capitals", "echo Web01.Lab.Test", /web01\.lab\.test is not a valid value for valid_principals/],
    ["that every machine has", "echo localhost.localdomain", /this host does not know its name \(hostname -f\)/],
    ["that is none", "echo '*'", /SSH_TRUST_PRINCIPALS: \* is not a host name/],
  ])("a host's own name %s", async (_what, hostname, says) => {
    await sshd();
    const own = "/usr/local/counting/hostname";
    await here(`printf '#!/bin/sh\n${hostname.replaceAll("'", `'"'"'`)}\n' >${own}; chmod +x ${own}`);
    const { all, exit } = await once({ SSH_TRUST_PRINCIPALS: "" });
    await here(`rm ${own}`);
    expect(all).toMatch(says);
    expect(exit).toBe(1);
  });

  test.each([
    ["without a final line break", ""],
    ["with a comment that names a certificate", " of-cert-2026"],
  ])("a CA whose key Vault gives %s", async (_what, comment) => {
    const [privateKey, publicKey] = (
      await printed("cd /tmp && ssh-keygen -q -t ed25519 -N '' -f ca && cat ca && printf '~' && cut -d' ' -f1,2 ca.pub")
    ).split("~");
    await vault("sys/mounts/imported", { type: "ssh" });
    try {
      await vault("imported/config/ca", { private_key: privateKey, public_key: `${(publicKey ?? "").trim()}${comment}` });
      await vault("imported/roles/host", role);
      await sshd();
      const { all, exit } = await once({ SSH_TRUST_HOST_SIGN: "imported/sign/host" });
      expect(all).toContain("host keys signed for localhost");
      expect(exit).toBe(0);
    } finally {
      await without("sys/mounts/imported");
    }
  });
});
