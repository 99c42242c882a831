/**
 * A host that enrols or renews, and something goes wrong at each thing that it asks of Vault: what worked still works, nothing is
 * half-written, and the same command goes on. (Between the files that it installs: faults.test.ts.)
 */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { startMachine, vault, type Machine } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, run, succeeds } from "../support/project.js";

jest.setTimeout(180_000);

/**
 * Before curl in the PATH: it counts what is asked, and at the request $AT does $FAULT. The request goes to Vault all the same, as
 * the worst that can happen is that Vault did it and the host does not know.
 */
const meddler = `#!/bin/bash
count=$(($(cat /tmp/asked 2>/dev/null || echo 0) + 1))
echo "$count" >/tmp/asked
if [ "$count" -ne "$AT" ]; then exec /usr/bin/curl "$@"; fi
case $FAULT in
killed) /usr/bin/curl "$@" >/dev/null; pkill -9 -f 'ssh-trust-host (enroll|once)'; exit 0 ;;
half)
  status=$(/usr/bin/curl "$@")
  truncate -s $(($(stat -c %s /run/ssh-trust-host.work/answer) / 2)) /run/ssh-trust-host.work/answer
  printf %s "$status" ;;
cut) /usr/bin/curl "$@" >/dev/null; exit 18 ;;
sealed) printf '{"errors":["Vault is sealed"]}' >/run/ssh-trust-host.work/answer; printf 503 ;;
slow) exit 28 ;;
html) printf '<html>502 Bad Gateway</html>' >/run/ssh-trust-host.work/answer; printf 502 ;;
esac
`;

let web: Machine;
const meddled = (command: string, fault: string, at: number) =>
  web.sh(`rm -f /tmp/asked; PATH=/tmp/meddler:$PATH ssh-trust-host ${command}`, { FAULT: fault, AT: String(at) });
const asked = async () => Number(await web.printed("cat /tmp/asked"));
/** What a strict client sees: nothing else than the certificates that are installed, or that sshd has plain keys. */
const isWhole = async () => {
  const installed = await web.printed("ls /etc/ssh/*-cert.pub 2>/dev/null | wc -l");
  if (installed !== "0") expect(await web.sh("ssh-trust-host prove")).toMatchObject({ exit: 0 });
  else expect(await web.printed("ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null")).toMatch(/ssh-ed25519 AAAA/);
  expect(await web.printed("ls -A /etc/ssh /etc/ssh/sshd_config.d | grep -E 'ssh-trust-old|journal'; true")).toBe("");
  // A killed run leaves Vault's answers in memory, for root alone, and the next run clears them away.
  expect(await web.printed("stat -c %a /run/ssh-trust-host.work 2>/dev/null; true")).toMatch(/^(700)?$/);
};
const secretIds = async () => {
  const { data } = await vault("auth/ssh-trust/hosts/lab.test/role/web-41/secret-id?list=true");
  return (data["keys"] as readonly string[] | undefined)?.length ?? 0;
};

beforeAll(async () => {
  await succeeds(task("apply-fleet"));
  await succeeds(task("start-ssh-with-signed-hostkey")); // its image
  web = await startMachine("web-41");
  await succeeds(
    run(
      "docker",
      ["exec", "-i", web.container, "sh", "-c", "mkdir /tmp/meddler; cat >/tmp/meddler/curl; chmod +x /tmp/meddler/curl"],
      {
        input: meddler,
      },
    ),
  );
}, 240_000);
afterAll(async () => {
  await docker("rm", "-f", web.container);
});

/** Those where something else happens than at the one before; all of them, with every fault, were tried by hand. */
describe("enrolling", () => {
  /** As a machine before its first boot, with what it is handed. */
  async function anew(): Promise<void> {
    await web.handOver();
    await succeeds(
      web.sh(`rm -rf /etc/ssh/*-cert.pub /etc/ssh/ssh-trust-* /etc/ssh/.ssh-trust.* /etc/ssh/sshd_config.d/10-ssh-trust.conf
              rm -f /etc/ssh-trust/{secret-id,secret-id.old,entry-version} /etc/ssh-trust/.[a-z]*; pkill -HUP -o sshd`),
    );
  }
  const everything = 12;

  test("it asks for twelve things", async () => {
    await anew();
    expect(await meddled("enroll", "none", 0)).toMatchObject({ exit: 0 });
    expect(await asked()).toBe(everything);
  });

  /** The answer to it holds the secret id, and is given once. */
  const unwrapping = 2;
  const cases = [
    ...[2, 9, 11].map((at) => ["killed", at] as const),
    ...[2, 11].map((at) => ["half", at] as const),
    ...([
      ["sealed", 11],
      ["slow", 2],
      ["html", 5],
    ] as const),
  ];
  test.each(cases)("%s at what it asks as number %d: the same command goes on", async (fault, at) => {
    await anew();
    const first = await meddled("enroll", fault, at);
    expect(await asked()).toBeGreaterThanOrEqual(at);
    await isWhole();
    const lost = at === unwrapping && ["killed", "half", "cut"].includes(fault);
    if (lost) {
      // It cannot know whether somebody else has it: that is said, and nobody is let in.
      const { exit, stderr } = await web.sh("ssh-trust-host renew");
      expect({ exit, stderr }).toEqual({
        exit: 4,
        stderr: expect.stringMatching(/ALARM: .*this host stopped while it was opening it/),
      });
      await isWhole();
      await anew();
    } else if (first.exit !== 0 && fault !== "killed") expect(first.stderr).toContain("error: ");
    expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0 });
    await isWhole();
    expect(await web.printed("ls /etc/ssh/*-cert.pub | wc -l; ls -d /run/ssh-trust-host.work 2>/dev/null; true")).toBe("3");
    expect(await web.entry()).toMatchObject({ problem: "", conflict: false });
    expect(await secretIds()).toBeLessThanOrEqual(2);
  });
});

describe("renewing", () => {
  const everything = 10;
  const serial = () => web.printed("ssh-keygen -L -f /etc/ssh/ssh_host_ed25519_key-cert.pub | sed -n 's/ *Serial: //p'");

  test("it asks for ten things, and another time for as many", async () => {
    const before = await serial();
    for (let time = 0; time < 2; time++) {
      expect(await meddled("once", "none", 0)).toMatchObject({ exit: 0 });
      expect(await asked()).toBe(everything);
    }
    expect(await serial()).not.toBe(before);
  });

  const cases = [
    ["killed", 7],
    ["half", 9],
    ["cut", 7],
  ] as const;
  test.each(cases)("%s at what it asks as number %d: its certificates serve on, and the next run renews", async (fault, at) => {
    await meddled("once", fault, at);
    await isWhole();
    expect(await web.printed("ls /etc/ssh/*-cert.pub | wc -l")).toBe("3");
    expect(await web.sh("ssh-trust-host once")).toMatchObject({ exit: 0 });
    await isWhole();
    expect(await web.entry()).toMatchObject({ problem: "", conflict: false });
  });
});
