/** Which host keys a console shows: in the forms in which cloud-init, ssh-keygen and ssh print them, and in no other. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { checkConsoleLog } from "../../../src/directory/console-log.js";
import { ed25519, type MadeKey } from "../../support/keys.js";

const [own, second, foreign, person] = [ed25519(1), ed25519(2), ed25519(3), ed25519(4)];
const keys = [own, second];
const bare = ({ md5 }: MadeKey) => md5.replace("MD5:", "");
const check = (text: string) => checkConsoleLog(text, keys);
const fingerprints = (text: string) => check(text).found.map(({ fingerprint }) => fingerprint);

/** As cloud-init prints it at the first boot, behind the kernel's time. */
const firstBoot = (one: MadeKey, in_front = "[   14.352671] cloud-init[823]: ") =>
  [
    "",
    "#############################################################",
    "-----BEGIN SSH HOST KEY FINGERPRINTS-----",
    `1024 SHA256:${"A".repeat(43)} root@web-1 (DSA)`,
    `256 ${one.sha256} root@web-1 (ED25519)`,
    "-----END SSH HOST KEY FINGERPRINTS-----",
    "#############################################################",
    "-----BEGIN SSH HOST KEY KEYS-----",
    `${one.publicKey} root@web-1`,
    "-----END SSH HOST KEY KEYS-----",
  ]
    .map((line) => `${in_front}${line}`)
    .join("\n");

/** cloud-init's table of whom it lets in. */
const authorizedKeys = (one: MadeKey) =>
  [
    "ci-info: ++++++++++++++++Authorized keys from /home/admin/.ssh/authorized_keys for user admin++++++++++++++++",
    "ci-info: +-------------+-------------------------------------------------+---------+---------------+",
    "ci-info: |   Keytype   |                Fingerprint (sha256)             | Options |    Comment    |",
    "ci-info: +-------------+-------------------------------------------------+---------+---------------+",
    `ci-info: | ssh-ed25519 | ${bare(one)} |    -    |     alice     |`,
    `ci-info: | 256 ${one.sha256} | ${one.publicKey} | - | alice (ED25519) |`,
    "ci-info: +-------------+-------------------------------------------------+---------+---------------+",
  ].join("\n");

describe("no host key", () => {
  test.each<[what: string, text: string]>([
    ["nothing", ""],
    ["other lines", "[    0.000000] Linux version 6.1.0\nweb-1 login: "],
    ["an authorized key", authorizedKeys(person)],
    ["an authorized key that happens to be the host's", authorizedKeys(own)],
    ["one with the kernel's time", authorizedKeys(person).replaceAll(/^/gm, "[   15.1] cloud-init[9]: ")],
    ["a line of authorized_keys with options", `no-pty,command="x" ${person.publicKey} alice`],
    ["one of user-data", `ssh_authorized_keys:\n  - ${person.publicKey} alice`],
    ["one of user-data, in quotes", `users: ["${person.publicKey} alice"]`],
    ["a CA of hosts", `@cert-authority *.example.org ${own.publicKey}`],
    ["a host key that is revoked", `@revoked web-1 ${own.publicKey}`],
    ["a CA of users", `TrustedUserCAKeys ${own.publicKey}`],
    ["a CA in authorized_keys", `cert-authority ${own.publicKey} ca`],
    ["a CA's fingerprint", `256 ${own.sha256} CA of hosts (ED25519)`],
    ["a certificate's fingerprint", `256 ${own.sha256} root@web-1 (ED25519-CERT)`],
    ["a certificate in ssh's words", `debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com ${own.sha256}, serial 1`],
    ["a login", `sshd[9]: Accepted publickey for admin from 192.0.2.1 port 4022 ssh2: ED25519 ${own.sha256}`],
    [
      "a login with a certificate",
      `sshd[9]: Accepted publickey for admin ssh2: ED25519-CERT ${own.sha256} ID alice (serial 12345) CA ED25519 ${second.sha256}`,
    ],
    [
      "a key that somebody made for themselves",
      `Your public key has been saved in /home/a/.ssh/id_rsa.pub\nThe key fingerprint is:\n${own.sha256} a@b`,
    ],
    ["a DSA key, which the directory never has", `1024 SHA256:${"A".repeat(43)} root@web-1 (DSA)`],
    ["a fingerprint that is cut off", `256 ${own.sha256.slice(0, -1)} root@web-1 (ED25519)`],
    [
      "a fingerprint into which another line was printed",
      `256 ${own.sha256.slice(0, 20)}[   14.2] random: done\n${own.sha256.slice(20)}`,
    ],
    ["a longer hash in hexadecimal", `256 ${bare(own)}:${bare(own)} root@web-1 (ED25519)`],
    ["a key that is no key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 root@web-1"],
    ["a fingerprint by itself", own.sha256],
    ["an empty block", "-----BEGIN SSH HOST KEY FINGERPRINTS-----\n-----END SSH HOST KEY FINGERPRINTS-----"],
  ])("%s", (_what, text) => {
    expect(check(text)).toEqual({ kind: "none", found: [], missing: [own.sha256, second.sha256] });
  });
});

describe("another's host key", () => {
  test.each<[what: string, text: string, fingerprint?: string]>([
    ["in cloud-init's blocks", firstBoot(foreign)],
    ["in one of them, beside the host's own", `${firstBoot(own)}\n${firstBoot(foreign)}`],
    ["as ssh-keygen -l lists it", `256 ${foreign.sha256} root@web-1 (ED25519)`],
    ["in MD5", `256 ${foreign.md5} root@web-1 (ED25519)`, foreign.md5],
    ["in MD5 as it was before OpenSSH 6.8", `2048 ${bare(foreign)} /etc/ssh/ssh_host_rsa_key.pub (RSA)`, foreign.md5],
    ["as a line of a .pub file", `${foreign.publicKey} root@web-1`],
    ["as ssh-keyscan prints it", `# web-1:22 SSH-2.0-OpenSSH_9.2\n[web-1]:2022 ${foreign.publicKey}`],
    ["as ssh asks", `ED25519 key fingerprint is ${foreign.sha256}.`],
    [
      "as ssh says that it changed",
      `The fingerprint for the ED25519 key sent by the remote host is\n${foreign.sha256}.\nPlease contact your system administrator.`,
    ],
    ["as ssh -v has it", `debug1: Server host key: ssh-ed25519 ${foreign.sha256}`],
    [
      "as ssh-keygen made it",
      `Your public key has been saved in /etc/ssh/ssh_host_ed25519_key.pub\nThe key fingerprint is:\n${foreign.sha256} root@web-1`,
    ],
    ["as PuTTY shows it", `The server's ssh-ed25519 key fingerprint is:\n  ssh-ed25519 255 ${foreign.sha256}`],
  ])("%s", (_what, text, fingerprint = foreign.sha256) => {
    const verdict = check(text);
    expect(verdict.kind).toBe("different");
    expect(verdict.found.filter(({ known }) => !known).map((each) => each.fingerprint)).toEqual([fingerprint]);
  });
});

describe("the host's own", () => {
  const block = firstBoot(own);
  test.each<[what: string, text: string]>([
    ["in cloud-init's blocks", block],
    ["with a console's line ends", block.replaceAll("\n", "\r\n")],
    ["behind syslog's words", firstBoot(own, "<14>Jan 31 12:00:00 web-1 ec2: ")],
    ["behind the words of older versions", firstBoot(own, "ec2: ")],
    ["without anything in front", firstBoot(own, "")],
    ["behind ci-info", firstBoot(own, "ci-info: ")],
    ["with colours", block.replaceAll(/^/gm, "\x1b[0;32m").replaceAll(/$/gm, "\x1b[0m\x1b[K")],
    ["behind a terminal's title", `\x1b]0;web-1\x07${block}`],
    ["where the block has no end", block.slice(0, block.indexOf("-----END"))],
    ["beside authorized keys and logins", `${authorizedKeys(person)}\n${block}\n${authorizedKeys(foreign)}`],
    ["beside an image's keys, which the first boot replaced", `256 ${foreign.sha256} root@debian (ED25519)\n${block}`],
    ["beside a key line that somebody printed", `${block}\n${person.publicKey} alice`],
    ["as ssh-keygen -l lists it", `256 ${own.sha256} no comment (ED25519)`],
    ["of a host that is called as a CA is", `256 ${own.sha256} root@ca-1 (ED25519)`],
    ["with padding", `256 ${own.sha256}= root@web-1 (ED25519)`],
    ["in MD5, in capitals", `256 MD5:${bare(own).toUpperCase()} root@web-1 (ED25519)`],
    ["as a key line behind a log's words", `[   14.3] cloud-init[8]: ${own.publicKey} root@web-1`],
  ])("%s", (_what, text) => {
    expect(check(text)).toEqual({
      kind: "same",
      found: [{ kind: "ED25519", fingerprint: expect.stringMatching(/^(SHA256|MD5):/) as unknown, known: true }],
      missing: [second.sha256],
    });
  });

  test("all of them, none missing, each once", () => {
    const verdict = check(`${firstBoot(own)}\n${firstBoot(second)}\n${firstBoot(own)}`);
    expect(verdict).toMatchObject({ kind: "same", missing: [] });
    expect(verdict.found.map(({ fingerprint }) => fingerprint)).toEqual([own.sha256, second.sha256]);
  });
});

describe("much text", () => {
  const noise = "[   99.9] systemd[1]: Started a service.\n";
  test("of a long log, all is looked at", () => {
    const long = noise.repeat(40_000);
    expect(check(`${firstBoot(own)}\n${long}`).kind).toBe("same");
    expect(check(`${long}\n${firstBoot(foreign)}`).kind).toBe("different");
    expect(check(`${long}\n${firstBoot(foreign)}\n${long}`).kind).toBe("different");
  });
  test("in a log of a megabyte, what is in the middle counts as well", () => {
    const boot = (key: typeof own) =>
      `-----BEGIN SSH HOST KEY FINGERPRINTS-----\n256 ${key.sha256} root@web-1 (ED25519)\n-----END SSH HOST KEY FINGERPRINTS-----\n`;
    const half = noise.repeat(Math.ceil(500_000 / noise.length));
    expect(check(`${boot(own)}${half}${boot(foreign)}${half}${boot(own)}`).kind).toBe("different");
  });
  test("a block without an end does not reach far", () => {
    const text = `-----BEGIN SSH HOST KEY FINGERPRINTS-----\n256 ${own.sha256} root@web-1 (ED25519)\n${noise.repeat(100)}`;
    expect(fingerprints(`${text}${person.publicKey} alice`)).toEqual([own.sha256]);
  });
  test.each<[what: string, text: string]>([
    ["blanks", " ".repeat(300_000)],
    ["one line", "a".repeat(300_000)],
    ["escapes without an end", "\x1b[0;".repeat(80_000)],
    ["titles without an end", "\x1b]0".repeat(80_000)],
    ["brackets", "((((A".repeat(60_000)],
    ["types", "ssh-rsa ".repeat(40_000)],
    ["words of cloud-init", "ci-info: ".repeat(30_000)],
    ["half fingerprints", "256 SHA256:".repeat(25_000)],
    ["hexadecimal", "aa:".repeat(90_000)],
    ["line ends", "\n".repeat(300_000)],
    ["noise", randomBytes(200_000).toString("latin1")],
  ])("%s take no time", (_what, text) => {
    const began = performance.now();
    expect(check(text).kind).toBe("none");
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
