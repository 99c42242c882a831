/** An offline CA that moves into Vault: what it signed before stays good, and Vault signs on under the same line of known_hosts. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { readLabSettings } from "../../lab/settings/lab.js";
import { connectVault } from "../../src/vault/client.js";
import { openRoom, type Room, type Transcript } from "../programs/offline-ca-support.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker } from "../support/project.js";

const container = "ssh-trust-test-offline-ca";
const mounts = ["test-offline-ca", "test-offline-ca-taken", "test-offline-ca-free", "test-offline-ca-kv"] as const;
const [mount, taken, free, kv] = mounts;

let room: Room;
const api = async (path: string, body?: unknown, method = "POST") => {
  const answer = await fetch(`http://localhost:8200/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": "root-token" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
};
const publicKey = (name: string) => api(`${name}/public_key`, undefined, "GET");

beforeAll(async () => {
  expect((await task("start-vault")).exit).toBe(0);
  room = await openRoom();
  await room.reset();
  await docker("rm", "-f", container);
  const started = await docker(
    "run",
    "-d",
    "--name",
    container,
    "--entrypoint",
    "sleep",
    "ssh-trust/ssh-with-authorized-keys",
    "600",
  );
  expect(started).toMatchObject({ exit: 0 });
  for (const name of mounts) {
    await api(`sys/mounts/${name}`, undefined, "DELETE");
    expect((await api(`sys/mounts/${name}`, { type: name === kv ? "kv" : "ssh" })).status).toBe(204);
  }
  await api(`${taken}/config/ca`, { generate_signing_key: true, key_type: "ed25519" });
}, 180_000);

afterAll(async () => {
  for (const name of mounts) await api(`sys/mounts/${name}`, undefined, "DELETE");
  await docker("rm", "-f", container);
  await room[Symbol.asyncDispose]();
}, 180_000);

/** What ssh says of a real sshd that presents this certificate, knowing no more than the exported lines. */
async function meet(certificate: string): Promise<string> {
  const key = room.path("private/ssh_host_ed25519_key");
  await docker("exec", container, "rm", "-rf", "/tmp/host");
  await docker("exec", container, "mkdir", "-p", "/tmp/host", "/run/sshd");
  for (const [from, to] of [
    [key, "key"],
    [certificate, "key-cert.pub"],
  ] as const) {
    await docker("cp", from, `${container}:/tmp/host/${to}`);
  }
  await docker("exec", container, "chown", "-R", "root:root", "/tmp/host");
  const sshd = `/usr/sbin/sshd -i -e -f /dev/null -o HostKey=/tmp/host/key -o HostCertificate=/tmp/host/key-cert.pub`;
  const options = {
    ProxyCommand: `docker exec -i ${container} ${sshd}`,
    UserKnownHostsFile: room.path("known_hosts"),
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    BatchMode: "yes",
    IdentityAgent: "none",
  };
  const args = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const { stderr } = await execa("ssh", ["-v", "-F", "none", ...args, "nobody@web.lab.test", "true"], { reject: false });
  return stderr;
}

const trusted = "Host 'web.lab.test' is known and matches the ED25519-CERT host certificate.";

async function signInVault(name: string): Promise<string> {
  const role = { key_type: "ca", allow_host_certificates: true, allowed_domains: "lab.test", allow_subdomains: true, ttl: "1h" };
  expect((await api(`${name}/roles/host`, role)).status).toBeLessThan(300);
  const key = await readFile(room.path("incoming/ssh_host_ed25519_key.pub"), "utf8");
  const { text } = await api(`${name}/sign/host`, { public_key: key, cert_type: "host", valid_principals: "web.lab.test" });
  const file = room.path("ca", `${name}-cert.pub`);
  await writeFile(file, (JSON.parse(text) as { data: { signed_key: string } }).data.signed_key);
  return file;
}

const importing = (more: string): Promise<Transcript> => room.run(`import-to-vault ${more} {pass}`, named);
const named = { VAULT_ADDR: "http://localhost:8200", VAULT_TOKEN: "root-token" };

test("a certificate signed before the import and one signed by Vault after it are trusted by the same line", async () => {
  expect((await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}")).exit).toBe(0);
  await writeFile(room.path("known_hosts"), (await room.run("export")).stdout);
  const before = room.ca("host/certs/web.lab.test/ssh_host_ed25519_key-cert.pub");
  expect(await meet(before)).toContain(trusted);

  const imported = await importing(`--kind host --mount ${mount}`);
  expect(imported.stderr).toMatch(/the host CA's ed25519 key, SHA256:\S+, now signs in http:\/\/localhost:8200 test-offline-ca/);
  expect(imported.exit).toBe(0);
  expect(`${imported.stdout}${imported.stderr}`).not.toContain("PRIVATE KEY");

  expect(await meet(before)).toContain(trusted);
  const after = await signInVault(mount);
  expect(await meet(after)).toContain(trusted);
  // and not because everything is: another CA's certificate for the same key
  const foreign = await meet(await signInVault(taken));
  expect(foreign).toContain("Host key verification failed.");
  expect(foreign).not.toContain(trusted);

  const verified = await room.run(`verify ${after}`);
  expect(verified.stdout).toMatch(/ok +issue log +none; the key also signs in http:\/\/localhost:8200 test-offline-ca/);
  expect(verified.exit).toBe(0);
}, 300_000);

test("the same key again is no error, and changes nothing", async () => {
  const key = await publicKey(mount);
  const again = await importing(`--kind host --mount ${mount}/`);
  expect(again.stderr).toContain("signs there already");
  expect(again.exit).toBe(0);
  expect(await publicKey(mount)).toEqual(key);
  const log = await readFile(room.ca("issued.jsonl"), "utf8");
  expect(log.match(/"event":"imported"/g)).toHaveLength(1);
}, 180_000);

test.each(["ecdsa", "rsa"])(
  "the server takes a key of type %s too",
  async (type) => {
    await api(`sys/mounts/${free}`, undefined, "DELETE");
    await api(`sys/mounts/${free}`, { type: "ssh" });
    expect((await importing(`--kind user --type ${type} --mount ${free}`)).exit).toBe(0);
    const [algorithm = "", key = ""] = (await readFile(room.ca(`user/public/lab_user_${type}_key.pub`), "utf8")).split(" ");
    expect((await publicKey(free)).text).toContain(`${algorithm} ${key}`);
    await api(`sys/mounts/${free}`, undefined, "DELETE");
    await api(`sys/mounts/${free}`, { type: "ssh" });
  },
  60_000,
);

describe("refused, and nothing is changed", () => {
  test.each([
    ["a mount with another key", `--kind host --mount ${taken}`, "OFFLINE_CA_MOUNT_TAKEN"],
    ["a mount with the other kind's key", `--kind user --mount ${mount}`, "OFFLINE_CA_MOUNT_TAKEN"],
    ["a mount that is not there", "--kind host --mount test-offline-ca-none", "OFFLINE_CA_MOUNT_MISSING"],
    ["a mount of another kind", `--kind host --mount ${kv}`, "VAULT_MOUNT_CONFLICT"],
    ["a wrong passphrase", `--kind host --mount ${free} --passphrase-file=wrong --dir ca/SSH`, "OFFLINE_CA_PASSPHRASE_WRONG"],
  ])(
    "%s",
    async (_what, args, code) => {
      await writeFile(room.path("wrong"), "not the passphrase\n", { mode: 0o600 });
      const before = await Promise.all([mount, taken, free].map(publicKey));
      const { stderr, exit } = await room.run(`import-to-vault ${args}${args.includes("wrong") ? "" : " {pass}"}`, named);
      expect(stderr).toContain(`[${code}]`);
      expect(exit).toBe(1);
      expect(await Promise.all([mount, taken, free].map(publicKey))).toEqual(before);
      await rm(room.path("wrong"));
    },
    60_000,
  );

  test("a key that the server itself does not take: its refusal does not show the key", async () => {
    const vault = connectVault(readLabSettings().vault);
    const keys = { publicKey: "ssh-ed25519 AAAA", privateKey: () => Promise.resolve("-----BEGIN NONSENSE-----") };
    await expect(vault.importCa(free, keys)).rejects.toMatchObject({
      code: "VAULT_ANSWER_UNEXPECTED",
      message: expect.not.stringContaining("NONSENSE") as unknown,
    });
    expect((await publicKey(free)).status).not.toBe(200);
  });
});
