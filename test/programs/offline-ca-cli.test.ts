/** `ssh-trust offline-ca` as a person types it: the real command, and every word that it prints. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { openRoom, type Room, type Transcript } from "./offline-ca-support.js";

jest.setTimeout(180_000);
let room: Room;
beforeAll(async () => {
  room = await openRoom();
  await room.bring("db");
});
afterAll(() => room[Symbol.asyncDispose]());

/** What differs from run to run has a name; slow machines' signs of life are left out; a checkout's hints say npx. */
const steady = (text: string) =>
  text
    .replaceAll("npx ssh-trust ", "ssh-trust ")
    .replaceAll(room.folder, "<room>")
    .replace(/SHA256:[A-Za-z0-9+/]{43}/g, "<fingerprint>")
    .replace(/AAAA[A-Za-z0-9+/=]+/g, "<key>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>")
    .replace(/^(signing|making) .*(…|\d+ s.*)\n?/gm, "")
    .trimEnd();
const spoken = ({ exit, stdout, stderr }: Transcript) =>
  [...[stdout, stderr].map(steady).filter((text) => text !== ""), `(exit ${String(exit)})`].join("\n");
const certs = "<room>/ca/SSH/host/certs/web.lab.test";

describe("a session", () => {
  test.each<[string, string]>([
    [
      "init --domain lab.test {pass}",
      `
host  ecdsa-sha2-nistp521  <fingerprint>
host  ssh-ed25519          <fingerprint>
host  ssh-rsa              <fingerprint>
user  ecdsa-sha2-nistp521  <fingerprint>
user  ssh-ed25519          <fingerprint>
user  ssh-rsa              <fingerprint>
<room>/ca/SSH: an offline CA for the hosts of lab.test
write the fingerprints down, copy the folder, and keep the passphrase in another place than the copy
next: bring the public keys of a host, such as web.lab.test, and certify them:
  mkdir -p incoming/web && scp 'web.lab.test:/etc/ssh/ssh_host_*_key.pub' incoming/web/
  ssh-trust offline-ca sign-host web --from incoming/web --dir <room>/ca/SSH
(exit 0)`,
    ],
    ["list", "\n<room>/ca/SSH has signed nothing yet\n(exit 0)"],
    ["list --format json", "\n[]\n(exit 0)"],
    [
      "sign-host web --from ./incoming {pass}",
      `
${certs}/ssh_host_ecdsa_key-cert.pub
${certs}/ssh_host_ed25519_key-cert.pub
${certs}/ssh_host_rsa_key-cert.pub
web_v01: 3 certificates for web and web.lab.test, serials 1, 2, 3, until <time>
next: bring them to the host, and the lines that name them:
  scp ${certs}/*-cert.pub root@web.lab.test:/etc/ssh/
  ssh-trust offline-ca export --host web --dir <room>/ca/SSH
(exit 0)`,
    ],
    [
      "sign-host db incoming/ssh_host_ed25519_key.pub --valid 90d {pass}",
      `
ssh-trust: error: incoming/ssh_host_ed25519_key.pub is not signed: the key <fingerprint> belongs to the host "web" (serial 2, until <time>)  [OFFLINE_CA_KEY_OF_ANOTHER]
ssh-trust: hint: each host has its own keys; copy this one's into a separate folder: mkdir -p incoming/db && scp 'db.lab.test:/etc/ssh/ssh_host_*_key.pub' incoming/db/; on a host that was cloned or renamed, create new ones first: rm /etc/ssh/ssh_host_*_key* && ssh-keygen -A
(exit 1)`,
    ],
    [
      "sign-host db others/db/ssh_host_ed25519_key.pub --valid 90d {pass}",
      `
<room>/ca/SSH/host/certs/db.lab.test/ssh_host_ed25519_key-cert.pub
db_v01: 1 certificate for db and db.lab.test, serial 4, until <time>
warning: no certificate for a key of type ecdsa or rsa; clients that require this key type will see the unknown-host prompt
next: bring them to the host, and the lines that name them:
  scp <room>/ca/SSH/host/certs/db.lab.test/*-cert.pub root@db.lab.test:/etc/ssh/
  ssh-trust offline-ca export --host db --dir <room>/ca/SSH
(exit 0)`,
    ],
    [
      "sign-user alice --principal admin-ssh-user incoming/ssh_host_ed25519_key.pub {pass}",
      `
<room>/ca/SSH/user/certs/alice/id_ed25519-cert.pub
alice_v01: 1 certificate for admin-ssh-user, serial 5, until <time>
next: put it beside the private key of alice, where ssh looks for it: ~/.ssh/ssh_host_ed25519_key-cert.pub
the hosts must trust the CA's keys for users:
  ssh-trust offline-ca export --user-ca --dir <room>/ca/SSH
(exit 0)`,
    ],
    [
      "sign-host web incoming/ssh_host_ed25519_key.pub --renew {pass}",
      `
${certs}/ssh_host_ed25519_key-cert.pub
web_v02: 1 certificate for web and web.lab.test, serial 6, until <time>
the old are kept in ${certs}/web_v01
next: bring them to the host, and the lines that name them:
  scp ${certs}/*-cert.pub root@web.lab.test:/etc/ssh/
  ssh-trust offline-ca export --host web --dir <room>/ca/SSH
(exit 0)`,
    ],
    [
      "list",
      `
NAME   TYPE          IDENTITY   SERIAL  VALID UNTIL           STATUS    PRINCIPALS
web    host ecdsa    web_v01    1       <time>  valid     web,web.lab.test
web    host ed25519  web_v01    2       <time>  replaced  web,web.lab.test
web    host rsa      web_v01    3       <time>  valid     web,web.lab.test
db     host ed25519  db_v01     4       <time>  valid     db,db.lab.test
alice  user ed25519  alice_v01  5       <time>  valid     admin-ssh-user
web    host ed25519  web_v02    6       <time>  valid     web,web.lab.test
replaced: there is a later one; where this one is still installed, it is accepted until it expires
(exit 0)`,
    ],
    [
      "verify ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key-cert.pub",
      `
ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key-cert.pub
  ok     type              ssh-rsa-cert-v01@openssh.com host certificate
  ok     public key        <fingerprint>
  ok     signing CA        ssh-rsa <fingerprint>
  ok     signature         rsa-sha2-512
  ok     identity          web_v01
  ok     serial            3
  ok     validity          <time> to <time>
  ok     principals        web, web.lab.test
  ok     critical options  (none)
  ok     extensions        (none)
  ok     issue log         signed <time>
(exit 0)`,
    ],
    [
      "verify ca/SSH/host/certs/web.lab.test/web_v01/ssh_host_ed25519_key-cert.pub",
      `
ca/SSH/host/certs/web.lab.test/web_v01/ssh_host_ed25519_key-cert.pub
  ok     type              ssh-ed25519-cert-v01@openssh.com host certificate
  ok     public key        <fingerprint>
  ok     signing CA        ssh-ed25519 <fingerprint>
  ok     signature         ssh-ed25519
  ok     identity          web_v01
  ok     serial            2
  ok     validity          <time> to <time>
  ok     principals        web, web.lab.test
  ok     critical options  (none)
  ok     extensions        (none)
  ok     issue log         signed <time>
  note   replaced by web_v02, serial 6
(exit 0)`,
    ],
    [
      "verify ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key.pub",
      `
ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key.pub
  WRONG  ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key.pub is not an SSH certificate that can be read: it is a plain public key (ssh-rsa); did you mean ca/SSH/host/certs/web.lab.test/ssh_host_rsa_key-cert.pub?
ssh-trust: error: the certificate is not in order  [OFFLINE_CA_VERIFY_FAILED]
ssh-trust: hint: the problem is shown after each field; do not install such a certificate
(exit 1)`,
    ],
    [
      "export",
      `
@cert-authority *.lab.test ecdsa-sha2-nistp521 <key> lab ssh ca host key
@cert-authority *.lab.test ssh-ed25519 <key> lab ssh ca host key
@cert-authority *.lab.test ssh-rsa <key> lab ssh ca host key
next: put them into ~/.ssh/known_hosts of each client; they hold for names such as web.lab.test
to try them first, from a file of their own: ssh -o UserKnownHostsFile=<file> <account>@web.lab.test
for "ssh web", without the domain, either have ssh complete it, with two lines in ~/.ssh/config:
  CanonicalizeHostname yes
  CanonicalDomains lab.test
or print the lines with the name of each certified host, and again when there is another: --short-names
(exit 0)`,
    ],
    [
      "export --client --short-names",
      `
@cert-authority *.lab.test,db,web ecdsa-sha2-nistp521 <key> lab ssh ca host key
@cert-authority *.lab.test,db,web ssh-ed25519 <key> lab ssh ca host key
@cert-authority *.lab.test,db,web ssh-rsa <key> lab ssh ca host key
(exit 0)`,
    ],
    [
      "export --host web.lab.test",
      `
HostCertificate /etc/ssh/ssh_host_ecdsa_key-cert.pub
HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub
HostCertificate /etc/ssh/ssh_host_rsa_key-cert.pub
next: put the lines into /etc/ssh/sshd_config.d/20-offline-ca.conf of web.lab.test, and into its /etc/ssh:
  ${certs}/ssh_host_ecdsa_key-cert.pub
  ${certs}/ssh_host_ed25519_key-cert.pub
  ${certs}/ssh_host_rsa_key-cert.pub
then have its sshd read them: sshd -t && systemctl reload ssh (where it is called so: sshd)
(exit 0)`,
    ],
    [
      "export --user-ca",
      `
ecdsa-sha2-nistp521 <key> lab ssh ca user key
ssh-ed25519 <key> lab ssh ca user key
ssh-rsa <key> lab ssh ca user key
next: put them into a file on each host, and name it in its sshd_config:
  TrustedUserCAKeys /etc/ssh/trusted_user_ca_keys
then have its sshd read them: sshd -t && systemctl reload ssh (where it is called so: sshd)
(exit 0)`,
    ],
    [
      "sign-host image123 --appliance {pass}",
      `
<room>/ca/SSH/host/certs/image123.lab.test/ssh_host_ecdsa_key-cert.pub
<room>/ca/SSH/host/certs/image123.lab.test/ssh_host_ed25519_key-cert.pub
<room>/ca/SSH/host/certs/image123.lab.test/ssh_host_rsa_key-cert.pub
image123_v01: 3 certificates for image123 and image123.lab.test, serials 7, 8, 9, until <time>
WARNING: these are private host keys without a passphrase, and they exist outside of their host:
  <room>/ca/SSH/host/certs/image123.lab.test/ssh_host_ecdsa_key
  <room>/ca/SSH/host/certs/image123.lab.test/ssh_host_ed25519_key
  <room>/ca/SSH/host/certs/image123.lab.test/ssh_host_rsa_key
  anyone who reads them can pose as this host; move them into the image, then delete them here:
  shred -u <room>/ca/SSH/host/certs/image123.lab.test/ssh_host_*_key
next: put the certificates into the image's /etc/ssh too, and the lines that name them:
  ssh-trust offline-ca export --host image123 --dir <room>/ca/SSH
(exit 0)`,
    ],
  ])("$ ssh-trust offline-ca %s", async (command, transcript) => {
    const asProcess = {}; // each verb is one of its own once
    expect(`\n${spoken(await room.run(command, asProcess))}`).toBe(transcript);
  });

  test("list --format json has every field of every certificate", async () => {
    const entries = JSON.parse((await room.run("list --format json")).stdout) as Record<string, unknown>[];
    expect(entries).toHaveLength(9);
    expect(entries[3]).toMatchObject({
      serial: "4",
      kind: "host",
      name: "db",
      identity: "db_v01",
      keyType: "ed25519",
      status: "valid",
    });
  });

  test("verify --format json says the same", async () => {
    const { stdout, exit } = await room.run(
      `verify --format json ${certs.replace("<room>/", "")}/ssh_host_rsa_key-cert.pub incoming/ssh_host_rsa_key.pub`,
    );
    expect(JSON.parse(stdout)).toMatchObject([
      { ok: true, fields: expect.arrayContaining([{ name: "serial", value: "3" }]) as unknown },
      { ok: false, fields: [], problem: expect.stringMatching(/it is a plain public key \(ssh-rsa\)$/) as unknown },
    ]);
    expect(exit).toBe(1);
  });
});

describe("refused", () => {
  beforeEach(() => room.reset());

  test.each<[string, string]>([
    [
      "",
      `
ssh-trust: error: ssh-trust offline-ca needs a verb (there are: init, sign-host, sign-user, list, verify, export, import-to-vault)  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca --help
(exit 2)`,
    ],
    [
      "init --domain lab.test {pass}",
      `
ssh-trust: error: no CA can be created in <room>/ca/SSH: it holds an offline CA  [OFFLINE_CA_EXISTS]
ssh-trust: hint: a CA is never overwritten; name another folder: ssh-trust offline-ca init --domain lab.test --dir <folder>
(exit 1)`,
    ],
    [
      "init --domain lab.test --dir incoming {pass}",
      `
ssh-trust: error: no CA can be created in <room>/incoming: it holds ssh_host_ecdsa_key.pub, ssh_host_ed25519_key.pub, ssh_host_rsa_key.pub  [OFFLINE_CA_EXISTS]
ssh-trust: hint: a CA is never overwritten; name another folder: ssh-trust offline-ca init --domain lab.test --dir <folder>
(exit 1)`,
    ],
    [
      "init --domain lab.test --dir other",
      `
ssh-trust: error: the passphrase cannot be asked for: there is no terminal  [OFFLINE_CA_PASSPHRASE_MISSING]
ssh-trust: hint: put it into a file that only you can read (chmod 600), and name that: --passphrase-file <file>
(exit 2)`,
    ],
    [
      "init --dir other {pass}",
      `
ssh-trust: error: --domain <domain> is missing: the domain of the hosts that it certifies, such as example.org  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca init --help
(exit 2)`,
    ],
    [
      "init --domain *.lab.test --dir other {pass}",
      `
ssh-trust: error: "*.lab.test" cannot be the name of a domain: it is no DNS name in lower case  [OFFLINE_CA_NAME_INVALID]
ssh-trust: hint: name one of two or more parts, such as example.org
(exit 2)`,
    ],
    [
      "sign-host -x --from incoming {pass}",
      `
ssh-trust: error: unknown option '-x'  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca sign-host --help
(exit 2)`,
    ],
    [
      "sign-host --from incoming {pass} -- -x",
      `
ssh-trust: error: "-x" cannot be the name of a host: it is no DNS name in lower case  [OFFLINE_CA_NAME_INVALID]
ssh-trust: hint: a host is one word, such as web, or a name below the CA's domain, such as web.lab.test
(exit 2)`,
    ],
    [
      "sign-host www.bank.com --from incoming {pass}",
      `
ssh-trust: error: "www.bank.com" cannot be the name of a host: it is not below lab.test  [OFFLINE_CA_NAME_INVALID]
ssh-trust: hint: a host is one word, such as web, or a name below the CA's domain, such as web.lab.test
(exit 2)`,
    ],
    [
      "sign-host web {pass}",
      `
ssh-trust: error: there are no public keys in <room>/ca/SSH/host/certs/web.lab.test: none were brought yet  [OFFLINE_CA_NO_KEYS]
ssh-trust: hint: bring the host's, then name their folder with --from: mkdir -p incoming/web && scp 'web.lab.test:/etc/ssh/ssh_host_*_key.pub' incoming/web/
(exit 1)`,
    ],
    [
      "sign-host web --from incoming/web {pass}",
      `
ssh-trust: error: there are no public keys in incoming/web: there is no such folder  [OFFLINE_CA_NO_KEYS]
ssh-trust: hint: bring the host's, then name their folder with --from: mkdir -p incoming/web && scp 'web.lab.test:/etc/ssh/ssh_host_*_key.pub' incoming/web/
(exit 1)`,
    ],
    [
      "sign-user alice incoming/ssh_host_ed25519_key.pub {pass}",
      `
ssh-trust: error: --principal <account> is missing: an account that it may log in to; repeatable  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca sign-user --help
(exit 2)`,
    ],
    [
      "sign-user alice --principal admin-ssh-user {pass}",
      `
ssh-trust: error: nothing was signed for "alice" yet, so its public key must be named  [OFFLINE_CA_NO_USER_KEY]
ssh-trust: hint: such as: ssh-trust offline-ca sign-user alice --principal <account> id_ed25519.pub
(exit 1)`,
    ],
    [
      "sign-host web --from private {pass}",
      `
ssh-trust: error: private/ssh_host_ecdsa_key is a private key: anyone who has it can act as that host or person, so it was rejected  [OFFLINE_CA_PRIVATE_KEY_OFFERED]
ssh-trust: hint: name private/ssh_host_ecdsa_key.pub; if this is a copy, delete it, and create a new key where it came from: man ssh-keygen
(exit 2)`,
    ],
    [
      "sign-host web --from incoming --valid 99y {pass}",
      `
ssh-trust: error: a certificate cannot be valid for or until "99y": a host certificate lives for ten years at the most  [OFFLINE_CA_VALIDITY_INVALID]
ssh-trust: hint: write --valid 5y (or 26w, 90d, 12h, 30m), or dates in UTC: --valid-from 2026-01-31 --valid-to 2031-01-31
(exit 2)`,
    ],
    [
      "sign-host web --from incoming --passphrase-file=wrong",
      `
ssh-trust: error: the passphrase does not open <room>/ca/SSH/host/private/lab_host_ecdsa_key  [OFFLINE_CA_PASSPHRASE_WRONG]
ssh-trust: hint: nothing was signed; try again, or try it by hand: ssh-keygen -y -f <room>/ca/SSH/host/private/lab_host_ecdsa_key
(exit 1)`,
    ],
    [
      "export --host web",
      `
ssh-trust: error: this CA has certified no host "web"  [OFFLINE_CA_UNKNOWN]
ssh-trust: hint: list all that it has certified: ssh-trust offline-ca list --dir <room>/ca/SSH
(exit 1)`,
    ],
    [
      "export --host web --user-ca",
      `
ssh-trust: error: name one of --client, --host and --user-ca  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca export --help
(exit 2)`,
    ],
    [
      "list --dir nowhere",
      `
ssh-trust: error: there is no offline CA in <room>/nowhere  [OFFLINE_CA_MISSING]
ssh-trust: hint: name its folder with --dir, or create one: ssh-trust offline-ca init --domain example.org --dir <room>/nowhere
(exit 1)`,
    ],
    [
      "list --format xml",
      `
ssh-trust: error: --format is text or json, not "xml"  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca list --help
(exit 2)`,
    ],
    [
      "verify nope-cert.pub",
      `
nope-cert.pub
  WRONG  there is no key file nope-cert.pub
ssh-trust: error: the certificate is not in order  [OFFLINE_CA_VERIFY_FAILED]
ssh-trust: hint: the problem is shown after each field; do not install such a certificate
(exit 1)`,
    ],
    [
      "import-to-vault --mount host-ssh {pass}",
      `
ssh-trust: error: --kind <kind> is missing: whose certificates it signs, host or user  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca import-to-vault --help
(exit 2)`,
    ],
    [
      "import-to-vault --kind host --mount ../sys {pass}",
      `
ssh-trust: error: "../sys" is no mount  [USAGE]
ssh-trust: hint: see: ssh-trust offline-ca import-to-vault --help
(exit 2)`,
    ],
    [
      "import-to-vault --kind host --mount host-ssh {pass}",
      `
ssh-trust: error: a CA's private key goes to the server that VAULT_ADDR names, and it is not set  [VAULT_ADDR_MISSING]
ssh-trust: hint: name it: export VAULT_ADDR=https://vault.example.org:8200
(exit 2)`,
    ],
  ])("$ ssh-trust offline-ca %s", async (command, transcript) => {
    await writeFile(room.path("wrong"), "not the passphrase\n", { mode: 0o600 });
    expect(`\n${spoken(await room.run(command))}`).toBe(transcript);
  });

  test("the private key does not go over the network in clear", async () => {
    const env = { VAULT_ADDR: "http://192.0.2.1:8200", VAULT_TOKEN: "s.secret" };
    const { stderr, exit } = await room.run("import-to-vault --kind host --mount host-ssh {pass}", env);
    expect(stderr).toContain("would cross the network unencrypted to http://192.0.2.1:8200  [OFFLINE_CA_IMPORT_IN_CLEAR]");
    expect(exit).toBe(1);
  });

  test("a certificate that somebody else's CA signed", async () => {
    await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}");
    await copyFile(room.ca("host/certs/web.lab.test/ssh_host_ed25519_key-cert.pub"), room.path("foreign-cert.pub"));
    await room.reset();
    await writeFile(
      room.ca("host/public/lab_host_ed25519_key.pub"),
      await readFile(room.path("incoming/ssh_host_ed25519_key.pub")),
    );
    const { stdout, exit } = await room.run("verify foreign-cert.pub");
    expect(stdout).toMatch(/WRONG {2}signing CA +ssh-ed25519 SHA256:\S+: no key of the CA "lab"/);
    expect(exit).toBe(1);
  });
});

test("help begins with examples, for every verb", async () => {
  const { stdout } = await room.run("--help");
  const verbs = [...(stdout.split("\nVerbs:\n")[1] ?? "").matchAll(/^ {2}([a-z][a-z-]+) {2}/gm)].map(([, name]) => name ?? "");
  expect(verbs).toEqual(["init", "sign-host", "sign-user", "list", "verify", "export", "import-to-vault"]);
  for (const verb of verbs) {
    const help = await room.run(`${verb} --help`);
    expect(help.stdout).toMatch(
      new RegExp(`^Usage: ssh-trust offline-ca ${verb} [^]+\\n\\n[^]+\\n\\nExamples:\\n  ssh-trust offline-ca ${verb}`),
    );
    expect(help.exit).toBe(0);
  }
});
