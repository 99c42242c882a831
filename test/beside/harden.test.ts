/** A host whose sshd is hardened: an auditor of somebody else's finds no failure. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { fetchWheel } from "../../src/toolchain/wheel.js";
import { startMachine, type Machine } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, run, succeeds } from "../support/project.js";

jest.setTimeout(180_000);

/** https://github.com/jtesta/ssh-audit */
const auditor = {
  name: "ssh-audit",
  version: "3.9.0",
  platform: "any",
  sha256: "3dad48d4678e0de31f6332cc7674f9d7dd1805f86babf3796f41c2fd879cb812",
};

let folder: string;
let modules: string;
let web: Machine;
let address: string;
const audit = () => run("python3", ["-m", "ssh_audit.ssh_audit", "-n", "-l", "fail", address], { env: { PYTHONPATH: modules } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-audit-"));
  modules = await fetchWheel(auditor, folder, readLabSettings(), silent);
  await succeeds(task("apply-fleet"));
  await succeeds(task("start-ssh-with-signed-hostkey")); // its image
  web = await startMachine("web-51", { settings: { SSH_TRUST_HARDEN: "yes" } });
  address = await web.printed("hostname -I | cut -d ' ' -f 1");
  await web.handOver();
}, 240_000);
afterAll(async () => {
  await docker("rm", "-f", web.container);
  await rm(folder, { recursive: true });
});

test("as Debian has it, the auditor finds failures", async () => {
  expect(await audit()).toMatchObject({ exit: 3, all: expect.stringMatching(/\(kex\).*\[fail\]/) });
});

test("hardened, it finds none; the keys that are left are certified, and what is left out is named", async () => {
  const { exit, stderr } = await web.sh("ssh-trust-host enroll");
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringMatching(/left out: \S*ecdsa_key: sshd's HostKeyAlgorithms/),
  });
  const { exit: found, all } = await audit();
  expect({ found, all }).toEqual({ found: 2, all: expect.not.stringContaining("[fail]") }); // 2: warnings, of what quanta may break
  expect(await web.printed("ls /etc/ssh/*-cert.pub")).toBe(
    "/etc/ssh/ssh_host_ed25519_key-cert.pub\n/etc/ssh/ssh_host_rsa_key-cert.pub",
  );
  expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0 });
});

test("somebody's own host key algorithms before ours stay, and the keys that these show are certified", async () => {
  const own = "HostKeyAlgorithms rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-512,ssh-ed25519";
  await succeeds(web.sh(`echo '${own}' >/etc/ssh/sshd_config.d/04-mine.conf; pkill -HUP -o sshd; sleep 1`));
  const { exit, stderr } = await web.sh("ssh-trust-host once");
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringMatching(/left out: \S*ed25519_key: sshd's HostKeyAlgorithms/),
  });
  await succeeds(web.sh("rm /etc/ssh/sshd_config.d/04-mine.conf; pkill -HUP -o sshd; sleep 1"));
});

test("somebody's own algorithms before ours stay, and that is said", async () => {
  await succeeds(web.sh("echo 'Ciphers aes256-ctr' >/etc/ssh/sshd_config.d/05-mine.conf; pkill -HUP -o sshd; sleep 1"));
  expect((await web.sh("ssh-trust-host once")).stderr).toContain("note: sshd offers aes256-ctr (Ciphers, set before ours)");
  expect((await web.entry())?.["otherWays"]).toContainEqual(expect.stringContaining("in spite of SSH_TRUST_HARDEN"));
});
